/**
 * Columns between the heap and Arrow: gathered on the heap and laid into buffers by one copy; read by one copy, after
 * checking what comes from outside. Nothing here is boxed per value.
 *
 * <p><b>Threads.</b> Columns being written belong to one thread. <b>Memory.</b> The caller's allocator; a batch laid
 * out belongs to the root it was laid into.
 */
@NullMarked
package io.quiver.flight.codec;

import org.jspecify.annotations.NullMarked;
