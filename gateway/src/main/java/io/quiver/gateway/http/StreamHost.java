package io.quiver.gateway.http;

import io.quiver.log.catalog.Collection;
import io.vertx.core.http.ServerWebSocket;

/** Takes over the connections that callers have made a WebSocket of, each about one collection. */
@FunctionalInterface
public interface StreamHost {
    /**
     * Called on the event loop of the connection, before anything that came over it is handled.
     *
     * @param sever ends the connection at once, without a farewell: for callers that take nothing, and so no farewell
     *     either
     */
    void accept(ServerWebSocket socket, Collection collection, Runnable sever);
}
