package io.quiver.gateway.server;

import io.quiver.executor.PromptThreads;
import io.quiver.gateway.auth.TlsIdentity;
import io.quiver.gateway.connection.GuardedTransport;
import io.quiver.gateway.http.WrongHead;
import io.quiver.gateway.server.configuration.HttpLimits;
import io.quiver.gateway.server.configuration.NetworkConfiguration;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Listens for HTTP/1.1 and HTTP/2 (by upgrade or prior knowledge) with one server on each event loop, all on one port.
 */
final class HttpDoor {
    /** How long the caller of a WebSocket has to answer its end, before the connection is cut. */
    private static final int FAREWELL_S = 2;

    /** Vert.x takes one free port for all servers of a deployment that name the same negative one. */
    private static final int SHARED_FREE_PORT = -1;

    private final Vertx vertx;
    private final String deployment;
    private final int port;

    private HttpDoor(Vertx vertx, String deployment, int port) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.port = port;
    }

    /**
     * Completes when all listen; {@code handler} is called on every event loop.
     *
     * @param messageBytesMax of a WebSocket
     * @param tls {@code null} for none
     */
    static Future<HttpDoor> open(
            Vertx vertx,
            NetworkConfiguration network,
            int messageBytesMax,
            @Nullable TlsIdentity tls,
            Handler<HttpServerRequest> handler) {
        var port = new AtomicInteger();
        var deployment = new DeploymentOptions().setInstances(network.eventLoops());
        var wrongHead = new WrongHead(network.http().headersMax());
        return vertx.deployVerticle(
                        () -> new Listener(options(network, messageBytesMax, tls), handler, wrongHead, port),
                        deployment)
                .map(id -> new HttpDoor(vertx, id, port.get()));
    }

    int port() {
        return port;
    }

    /** Stops listening and closes the connections. */
    Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    private static HttpServerOptions options(
            NetworkConfiguration network, int messageBytesMax, @Nullable TlsIdentity tls) {
        HttpServerOptions options = options(network, messageBytesMax);
        return tls == null ? options : encrypted(options, tls);
    }

    private static HttpServerOptions encrypted(HttpServerOptions options, TlsIdentity tls) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(KeyCertOptions.wrap(tls.keys()))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        X509ExtendedTrustManager clients = tls.clients();
        return clients == null
                ? options
                : options.setTrustOptions(TrustOptions.wrap(clients))
                        .setClientAuth(tls.requiresClient() ? ClientAuth.REQUIRED : ClientAuth.REQUEST);
    }

    private static HttpServerOptions options(NetworkConfiguration network, int messageBytesMax) {
        HttpLimits http = network.http();
        return new HttpServerOptions()
                .setHost(network.host())
                .setPort(network.httpPort() == 0 ? SHARED_FREE_PORT : network.httpPort())
                .setHttp2ClearTextEnabled(true)
                .setMaxHeaderSize(http.headerBytesMax())
                .setMaxInitialLineLength(http.uriBytesMax())
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(http.streamsMax())
                        .setMaxHeaderListSize(http.headerBytesMax()))
                .setHttp2RstFloodMaxRstFramePerWindow(http.resetsMax())
                .setHttp2RstFloodWindowDuration(
                        Math.toIntExact(http.resetsWindow().toMillis()))
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.MILLISECONDS)
                .setTcpNoDelay(true)
                .setMaxWebSocketFrameSize(messageBytesMax)
                .setMaxWebSocketMessageSize(messageBytesMax)
                .setWebSocketClosingTimeout(FAREWELL_S)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }

    private static final class Listener extends VerticleBase {
        private final HttpServerOptions options;
        private final Handler<HttpServerRequest> handler;
        private final WrongHead wrongHead;
        private final AtomicInteger port;

        Listener(
                HttpServerOptions options,
                Handler<HttpServerRequest> handler,
                WrongHead wrongHead,
                AtomicInteger port) {
            this.options = options;
            this.handler = handler;
            this.wrongHead = wrongHead;
            this.port = port;
        }

        @Override
        public Future<HttpServer> start() {
            PromptThreads.become();
            return vertx.createHttpServer(options)
                    .requestHandler(this::take)
                    .invalidRequestHandler(wrongHead)
                    .connectionHandler(GuardedTransport::check)
                    .listen()
                    .onSuccess(server -> port.set(server.actualPort()));
        }

        private void take(HttpServerRequest request) {
            GuardedTransport.watch(request);
            if (wrongHead.isIn(request)) {
                wrongHead.handle(request);
            } else {
                handler.handle(request);
            }
        }
    }
}
