/**
 * Chroma's HTTP API v2: routes, bodies, answers, errors.
 *
 * <p>A request goes this way: {@link io.quiver.gateway.http.RouteTable} finds its route, the body is read and counted,
 * the route's {@code Endpoint} reads its JSON and asks catalog, writer or executor, and the {@code Answer} is written
 * while the socket takes it. Whatever fails on the way becomes one JSON error, in {@code Problems} alone.
 *
 * <p><b>Threads.</b> A request belongs to the event loop that accepted it. Small bodies are read there; large ones on
 * worker threads, for an event loop never waits. Answers are encoded on the event loop, a piece at a time. Only
 * {@code Reactive} crosses from Reactor's threads back to the event loop. <b>Memory.</b> Bodies are on the heap,
 * together at most as large as the budget in {@link io.quiver.gateway.http.ApiSettings}; answers are never whole in
 * memory as JSON, except small ones.
 */
@NullMarked
package io.quiver.gateway.http;

import org.jspecify.annotations.NullMarked;
