/**
 * What is the answer? Applies the log to collections and answers all reads from one consistent view.
 */
@NullMarked
package io.quiver.executor;

import org.jspecify.annotations.NullMarked;
