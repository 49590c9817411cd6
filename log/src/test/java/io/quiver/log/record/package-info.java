/** Tests of the values that the log holds. */
@NullMarked
package io.quiver.log.record;

import org.jspecify.annotations.NullMarked;
