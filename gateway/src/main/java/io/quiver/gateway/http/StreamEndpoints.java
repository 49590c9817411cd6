package io.quiver.gateway.http;

import io.netty.channel.ChannelFuture;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import reactor.core.publisher.Mono;

/** Makes a WebSocket of a request's connection: the one place where streams are let in. */
final class StreamEndpoints {
    private final CollectionFinder finder;
    private final StreamHost host;

    StreamEndpoints(CollectionFinder finder, StreamHost host) {
        this.finder = finder;
        this.host = host;
    }

    List<Route> routes() {
        return List.of(Route.read(HttpMethod.GET, CollectionEndpoints.COLLECTION + "/stream", this::stream));
    }

    /** The request is held until it is known whether there is such a collection: its end would make it an ordinary one. */
    private Mono<Answer> stream(Exchange exchange, RequestBody body) {
        HttpServerRequest request = exchange.request();
        if (!request.headers().contains(HttpHeaders.UPGRADE, "websocket", true)) {
            throw QuiverException.invalid("This is a stream: ask with the header Upgrade: websocket");
        }
        exchange.charge(OperationKind.READ, 1);
        request.pause();
        return finder.byId(exchange).flatMap(collection -> upgrade(exchange, collection));
    }

    private Mono<Answer> upgrade(Exchange exchange, Collection collection) {
        return Mono.create(sink -> exchange.eventLoop()
                .runOnContext(_ -> handshake(exchange.request(), collection)
                        .onSuccess(sink::success)
                        .onFailure(sink::error)));
    }

    private Future<Answer> handshake(HttpServerRequest request, Collection collection) {
        return request.toWebSocket().map(socket -> {
            host.accept(socket, collection, () -> sever(request.connection()));
            return new Answer.Upgraded();
        });
    }

    /**
     * Every way to close that Vert.x offers waits until what is queued has been sent, which a full socket never does. So the
     * first handler of the channel is asked, behind which there is only the socket.
     */
    private static void sever(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            ChannelFuture _ = base.channel().pipeline().firstContext().close();
        }
    }
}
