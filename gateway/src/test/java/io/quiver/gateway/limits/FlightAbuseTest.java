package io.quiver.gateway.limits;

import static io.quiver.gateway.limits.Http2Frames.GET_HEALTH;
import static io.quiver.gateway.limits.Http2Frames.HEADERS;
import static io.quiver.gateway.limits.Http2Frames.PING;
import static io.quiver.gateway.limits.Http2Frames.PREFACE;
import static io.quiver.gateway.limits.Http2Frames.RESET;
import static io.quiver.gateway.limits.Http2Frames.SETTINGS;
import static io.quiver.gateway.limits.Http2Frames.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.flight.client.BulkClient;
import io.quiver.gateway.server.RunningServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers over Flight who open more than they may, and take back what they ask. */
class FlightAbuseTest {
    private static final int OF_ADDRESS = 3;
    private static final int IN_ALL = 5;
    private static final int RESETS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RawHttp> connections = new ArrayList<>();
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = RunningServer.start(
                directory,
                Map.of(
                        "flight.connections-max",
                        String.valueOf(IN_ALL),
                        "flight.connections-per-address-max",
                        String.valueOf(OF_ADDRESS),
                        "flight.resets-max",
                        String.valueOf(RESETS)));
    }

    @AfterEach
    void stop() {
        connections.forEach(RawHttp::close);
        server.close();
    }

    /** One that the server has greeted. */
    private RawHttp open(String from) {
        RawHttp connection = asked(from);
        assertTrue(isGreeted(connection));
        return connection;
    }

    /** As {@link #open}, behind callers that have left: the server learns that a moment later than they. */
    private void openBehindOthers(String from) {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (!isGreeted(asked(from))) {
            assertTrue(System.nanoTime() < patience, "a place is never given back");
        }
    }

    private RawHttp asked(String from) {
        RawHttp connection = new RawHttp(server.flight(), from);
        connections.add(connection);
        connection.write(PREFACE);
        connection.write(frame(SETTINGS, 0, 0, new byte[0]));
        return connection;
    }

    private static boolean isGreeted(RawHttp connection) {
        return Http2Frames.await(connection, SETTINGS);
    }

    private void openAll(int count, String from) {
        for (int i = 0; i < count; i++) {
            open(from);
        }
    }

    private String list() {
        try (BulkClient client = BulkClient.connect(server.flight())) {
            return client.act("list_collections", "{}");
        }
    }

    @Test
    void theLastConnectionOfAnAddressWorksAndOneMoreIsTurnedAway() {
        openAll(OF_ADDRESS - 1, "127.0.0.1");
        list();
        openBehindOthers("127.0.0.1");
        assertTurnedAway();
        RawHttp other = open("127.0.0.2");
        assertTrue(answers(other), "other addresses have their own");
    }

    @Test
    void theLastConnectionOfAllWorksAndOneMoreIsTurnedAway() {
        openAll(OF_ADDRESS, "127.0.0.2");
        openAll(IN_ALL - OF_ADDRESS - 1, "127.0.0.3");
        list();
        openBehindOthers("127.0.0.3");
        assertTurnedAway();
    }

    private void assertTurnedAway() {
        FlightRuntimeException refusal = assertThrows(FlightRuntimeException.class, this::list);
        assertEquals(FlightStatusCode.UNAVAILABLE, refusal.status().code(), refusal.toString());
    }

    private static boolean answers(RawHttp connection) {
        connection.write(frame(PING, 0, 0, new byte[8]));
        return Http2Frames.await(connection, PING);
    }

    @Test
    void aConnectionMayTakeBackSoManyCallsAndNoMore() {
        RawHttp connection = open("127.0.0.1");
        takeBack(connection, 0, RESETS);
        assertTrue(answers(connection));
        takeBack(connection, RESETS, RESETS + 1);
        assertFalse(answers(connection));
        list();
    }

    private static void takeBack(RawHttp connection, int from, int to) {
        for (int i = from; i < to; i++) {
            connection.write(frame(HEADERS, 0x5, 2 * i + 1, GET_HEALTH));
            connection.write(frame(RESET, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));
        }
    }
}
