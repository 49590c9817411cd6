/** Tests of the log and of the way of a write into it. */
@NullMarked
package io.quiver.log;

import org.jspecify.annotations.NullMarked;
