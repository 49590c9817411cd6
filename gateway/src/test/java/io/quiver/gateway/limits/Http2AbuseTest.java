package io.quiver.gateway.limits;

import static io.quiver.gateway.limits.Http2Frames.CONTINUATION;
import static io.quiver.gateway.limits.Http2Frames.DATA;
import static io.quiver.gateway.limits.Http2Frames.GET_HEALTH;
import static io.quiver.gateway.limits.Http2Frames.GO_AWAY;
import static io.quiver.gateway.limits.Http2Frames.HEADERS;
import static io.quiver.gateway.limits.Http2Frames.PING;
import static io.quiver.gateway.limits.Http2Frames.PREFACE;
import static io.quiver.gateway.limits.Http2Frames.RESET;
import static io.quiver.gateway.limits.Http2Frames.SETTINGS;
import static io.quiver.gateway.limits.Http2Frames.endsWith;
import static io.quiver.gateway.limits.Http2Frames.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.server.RunningServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers over HTTP/2 who take back what they ask, or never end what they say; without encryption, by prior knowledge.
 */
class Http2AbuseTest {
    private final Vertx vertx = Vertx.vertx();
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = RunningServer.start(
                directory,
                Map.of(
                        "http2.streams-max", "7",
                        "http2.resets-max", "20",
                        "http.idle-timeout", "1 s",
                        "http.header-timeout", "1 s"));
    }

    @AfterEach
    void stop() {
        vertx.close().await();
        server.close();
    }

    @Test
    void saysHowManyRequestsAtOnceAndHowLongHeadersMayBe() {
        HttpClientConnection connection = vertx.createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false))
                .connect(new HttpConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(server.http().getPort()))
                .await();
        assertEquals(
                200,
                connection
                        .request(HttpMethod.GET, "/healthz")
                        .compose(request -> request.send())
                        .await()
                        .statusCode());
        Http2Settings settings = connection.remoteSettings();
        assertEquals(7, settings.getMaxConcurrentStreams());
        assertEquals(16 << 10, settings.getMaxHeaderListSize());
    }

    /** As many as allowed are just that; one more, and a few that were on their way, and the connection is gone. */
    @Test
    void closesAConnectionThatTakesBackTooManyRequests() {
        try (RawHttp connection = begun()) {
            for (int i = 0; i < 200; i++) {
                connection.write(frame(HEADERS, 0x5, 2 * i + 1, GET_HEALTH));
                connection.write(frame(RESET, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));
            }
            assertTrue(endsWith(connection, GO_AWAY));
        }
        answersOthers();
    }

    @Test
    void closesAConnectionWhoseHeadersNeverEnd() {
        try (RawHttp connection = begun()) {
            connection.write(frame(HEADERS, 0, 1, GET_HEALTH));
            byte[] more = ("\u0000\u0003x-a\u007f\u0000" + "b".repeat(127)).getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < 1_000; i++) {
                connection.write(frame(CONTINUATION, 0, 1, more));
            }
            assertTrue(endsWith(connection, GO_AWAY));
        }
        answersOthers();
    }

    /** Answers to pings and settings wait for a caller who does not read; it is idle all the while. */
    @Test
    void closesAConnectionThatOnlyPingsAndSets() {
        try (RawHttp connection = begun()) {
            for (int i = 0; i < 20_000; i++) {
                connection.write(frame(i % 2 == 0 ? PING : SETTINGS, 0, 0, new byte[i % 2 == 0 ? 8 : 0]));
            }
            connection.readAll();
        }
        answersOthers();
    }

    @Test
    void closesAConnectionThatSendsDataForNoRequest() {
        try (RawHttp connection = begun()) {
            connection.write(frame(DATA, 0, 1, new byte[100]));
            assertTrue(endsWith(connection, GO_AWAY));
        }
        answersOthers();
    }

    @Test
    void closesAConnectionThatSendsAFrameBeyondTheLargest() {
        try (RawHttp connection = begun()) {
            connection.write(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, HEADERS, 4, 0, 0, 0, 1});
            assertTrue(endsWith(connection, GO_AWAY));
        }
        answersOthers();
    }

    private RawHttp begun() {
        RawHttp connection = new RawHttp(server.http());
        connection.write(PREFACE);
        connection.write(frame(SETTINGS, 0, 0, new byte[0]));
        return connection;
    }

    private void answersOthers() {
        assertEquals(200, RawHttp.send(server.http(), "GET", "/healthz", "").status());
    }
}
