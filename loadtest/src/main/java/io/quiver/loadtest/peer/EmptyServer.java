package io.quiver.loadtest.peer;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program: Vert.x with a handler that reads the body of each request, drops it, and answers with a fixed body of the
 * size of a small answer. Prints {@code ready: PORT}; ends when its standard input does.
 */
final class EmptyServer extends VerticleBase {
    private static final int ANY_PORT = -1;
    private static final Buffer ANSWER = Buffer.buffer("x".repeat(256));

    private final AtomicInteger port;

    private EmptyServer(AtomicInteger port) {
        this.port = port;
    }

    /** The argument is the number of event loops. */
    static void main(String... arguments) throws Exception {
        int eventLoops = Integer.parseInt(arguments[0]);
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(eventLoops).setPreferNativeTransport(true));
        var port = new AtomicInteger();
        vertx.deployVerticle(() -> new EmptyServer(port), new DeploymentOptions().setInstances(eventLoops))
                .await();
        System.out.println("ready: " + port.get());
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        vertx.close().await();
    }

    @Override
    public Future<HttpServer> start() {
        return vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(ANY_PORT)
                        .setTcpNoDelay(true))
                .requestHandler(EmptyServer::answer)
                .listen()
                .onSuccess(server -> port.set(server.actualPort()));
    }

    private static void answer(HttpServerRequest request) {
        request.handler(_ -> {});
        request.endHandler(_ -> request.response().end(ANSWER));
    }
}
