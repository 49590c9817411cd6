/**
 * Streams: WebSockets, each about one collection, over which callers ask many questions at a time and get answers as
 * they come. {@code docs/websocket.md} is the protocol.
 *
 * <p>{@link io.quiver.gateway.stream.StreamDoor} is given the connections that {@code gateway.http} has let in. A
 * message is read by {@code gateway.http}'s {@code StreamMessage}, a query goes through admission and over the link to
 * the executor like one that came by HTTP, and its answer waits in the connection's {@code Outbox} for the caller's
 * credit and the socket.
 *
 * <p><b>Threads.</b> A connection belongs to one event loop; what completes elsewhere comes back to it. <b>Memory.</b>
 * Of each connection at most what {@link io.quiver.gateway.stream.StreamSettings} says, all of it on the heap.
 */
@NullMarked
package io.quiver.gateway.stream;

import org.jspecify.annotations.NullMarked;
