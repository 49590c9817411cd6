/**
 * Connections to the HTTP door before, between and after their requests: how many there may be, of one address too, and
 * how long they may take to send the head of a request, or do nothing.
 *
 * <p>Vert.x has no place for this: it times out a connection whose request is worked on like one that is silent, tells
 * of a connection when it has understood it, and counts none. So {@link io.quiver.gateway.connection.GuardedTransport}
 * stands below Vert.x, where sockets are accepted, and puts a {@code WatchedConnection} before all that Vert.x does.
 *
 * <p><b>Threads.</b> A {@code WatchedConnection} belongs to the event loop of its connection; {@code Connections} is
 * safe on every thread. <b>Memory.</b> Some hundred bytes a connection.
 */
@NullMarked
package io.quiver.gateway.connection;

import org.jspecify.annotations.NullMarked;
