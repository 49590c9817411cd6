/**
 * The values that the log holds: records, their parts, and the operations that change them.
 *
 * <p>Everything here is an immutable value on the heap, safe on every thread. The package knows no other.
 */
@NullMarked
package io.quiver.log.record;

import org.jspecify.annotations.NullMarked;
