/**
 * What is true? The durable log of operations, and the way of a write into it.
 */
@NullMarked
package io.quiver.log;

import org.jspecify.annotations.NullMarked;
