/**
 * How does it move? Offers Arrow Flight services and reaches them, over TCP or inside one process by the same classes.
 *
 * <p><b>Threads.</b> gRPC's callbacks never wait. What has to wait (for a message, for room in a stream, for an answer)
 * waits on a virtual thread of its own stream. <b>Memory.</b> All Arrow buffers come from one {@link
 * io.quiver.flight.FlightMemory} with a limit; servers and peers hold children of it and give everything back when they
 * close. A buffer that was sent belongs to gRPC until the other side has read it, so each message has fresh buffers.
 */
@NullMarked
package io.quiver.flight;

import org.jspecify.annotations.NullMarked;
