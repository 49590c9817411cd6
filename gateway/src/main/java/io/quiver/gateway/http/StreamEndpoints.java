package io.quiver.gateway.http;

import io.netty.channel.ChannelFuture;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.auth.Caller;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Makes a WebSocket of a request's connection: the one place where streams are let in. */
final class StreamEndpoints {
    private static final String TEMPLATE = CollectionEndpoints.COLLECTION + "/stream";

    private final CollectionFinder finder;
    private final StreamHost host;

    StreamEndpoints(CollectionFinder finder, StreamHost host) {
        this.finder = finder;
        this.host = host;
    }

    List<Route> routes() {
        return List.of(Route.read(HttpMethod.GET, TEMPLATE, this::stream));
    }

    /** Whether a request of a route asks for a stream. */
    static boolean isStream(Route route, HttpServerRequest request) {
        return route.template().equals(TEMPLATE) && isUpgrade(request);
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.UPGRADE, "websocket", true);
    }

    /**
     * A request that asks for a stream is held until its turn has come and it is known whether there is such a
     * collection: its end would make it an ordinary one.
     */
    static void hold(Route route, HttpServerRequest request) {
        if (isStream(route, request)) {
            request.pause();
        }
    }

    private Mono<Answer> stream(Exchange exchange, RequestBody body) {
        HttpServerRequest request = exchange.request();
        if (!isUpgrade(request)) {
            throw QuiverException.invalid("This is a stream: ask with the header Upgrade: websocket");
        }
        exchange.charge(OperationKind.READ, 1);
        if (exchange.access().caller().equals(Caller.UNINTRODUCED)) {
            return upgrade(
                    exchange,
                    socket -> StreamIntroduction.expect(
                            exchange, finder, socket, collection -> accept(exchange, socket, collection)));
        }
        return finder.byId(exchange)
                .flatMap(collection -> upgrade(exchange, socket -> accept(exchange, socket, collection)));
    }

    private Mono<Answer> upgrade(Exchange exchange, Consumer<ServerWebSocket> onOpen) {
        return Mono.create(sink -> exchange.eventLoop()
                .runOnContext(_ -> handshake(exchange.request(), onOpen)
                        .onSuccess(sink::success)
                        .onFailure(sink::error)));
    }

    private static Future<Answer> handshake(HttpServerRequest request, Consumer<ServerWebSocket> onOpen) {
        return request.toWebSocket().map(socket -> {
            onOpen.accept(socket);
            return new Answer.Upgraded();
        });
    }

    private void accept(Exchange exchange, ServerWebSocket socket, Collection collection) {
        host.accept(socket, collection, () -> sever(exchange.request().connection()));
    }

    /**
     * Every way to close that Vert.x offers waits until what is queued has been sent, which a full socket never does.
     * So the first handler of the channel is asked, behind which there is only the socket.
     */
    private static void sever(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            ChannelFuture _ = base.channel().pipeline().firstContext().close();
        }
    }
}
