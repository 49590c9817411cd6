package io.quiver.gateway.limits;

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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers over HTTP/2 who take back what they ask, or never end what they say; without encryption, by prior knowledge. */
class Http2AbuseTest {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int CONTINUATION = 9;

    /** GET, http, /healthz as the path, and x as the authority, in HPACK without a table. */
    private static final byte[] GET_HEALTH = {
        (byte) 0x82, (byte) 0x86, 0x04, 8, '/', 'h', 'e', 'a', 'l', 't', 'h', 'z', 0x01, 1, 'x'
    };

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

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(stream >> shift);
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** Reads frames until the server closes; whether one of the type was among them. */
    private static boolean endsWith(RawHttp connection, int type) {
        boolean isThere = false;
        int[] head = new int[9];
        while (true) {
            for (int i = 0; i < head.length; i++) {
                head[i] = connection.read();
                if (head[i] < 0) {
                    return isThere;
                }
            }
            isThere |= head[3] == type;
            for (int left = head[0] << 16 | head[1] << 8 | head[2]; left > 0; left--) {
                connection.read();
            }
        }
    }
}
