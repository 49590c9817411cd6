/**
 * The Flight service for callers: lists collections, loads them in bulk, searches them in bulk, reads them out.
 * {@code docs/flight.md} describes the protocol.
 *
 * <p><b>Threads.</b> Each call is served by a virtual thread of its own, which waits at its {@link
 * io.quiver.flight.StreamGate}. <b>Memory.</b> The server's child of {@link io.quiver.flight.FlightMemory}; streams
 * have none of their own, for gRPC holds what was sent longer than the stream lives. What callers send is checked
 * before it is used: types, lengths, offsets, nulls.
 */
@NullMarked
package io.quiver.flight.service;

import org.jspecify.annotations.NullMarked;
