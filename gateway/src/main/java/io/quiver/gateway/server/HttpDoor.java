package io.quiver.gateway.server;

import io.quiver.gateway.auth.TlsIdentity;
import io.quiver.gateway.server.configuration.NetworkConfiguration;
import io.quiver.gateway.stream.StreamSettings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
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
    private static final int HEADER_BYTES_MAX = 16 * 1024;
    private static final int URI_BYTES_MAX = 8 * 1024;

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
     * @param tls {@code null} for none
     */
    static Future<HttpDoor> open(
            Vertx vertx, NetworkConfiguration network, @Nullable TlsIdentity tls, Handler<HttpServerRequest> handler) {
        var port = new AtomicInteger();
        var deployment = new DeploymentOptions().setInstances(network.eventLoops());
        return vertx.deployVerticle(() -> new Listener(options(network, tls), handler, port), deployment)
                .map(id -> new HttpDoor(vertx, id, port.get()));
    }

    int port() {
        return port;
    }

    /** Stops listening and closes the connections. */
    Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    private static HttpServerOptions options(NetworkConfiguration network, @Nullable TlsIdentity tls) {
        HttpServerOptions options = options(network);
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

    private static HttpServerOptions options(NetworkConfiguration network) {
        return new HttpServerOptions()
                .setHost(network.host())
                .setPort(network.httpPort() == 0 ? SHARED_FREE_PORT : network.httpPort())
                .setHttp2ClearTextEnabled(true)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(URI_BYTES_MAX)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(network.idleTimeout().toMillis()))
                .setTcpNoDelay(true)
                .setMaxWebSocketFrameSize(StreamSettings.DEFAULT.messageBytesMax())
                .setMaxWebSocketMessageSize(StreamSettings.DEFAULT.messageBytesMax())
                .setWebSocketClosingTimeout(FAREWELL_S)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }

    private static final class Listener extends VerticleBase {
        private final HttpServerOptions options;
        private final Handler<HttpServerRequest> handler;
        private final AtomicInteger port;

        Listener(HttpServerOptions options, Handler<HttpServerRequest> handler, AtomicInteger port) {
            this.options = options;
            this.handler = handler;
            this.port = port;
        }

        @Override
        public Future<HttpServer> start() {
            return vertx.createHttpServer(options)
                    .requestHandler(handler)
                    .listen()
                    .onSuccess(server -> port.set(server.actualPort()));
        }
    }
}
