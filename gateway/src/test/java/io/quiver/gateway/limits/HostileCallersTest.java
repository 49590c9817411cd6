package io.quiver.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.limits.RawHttp.Reply;
import io.quiver.gateway.server.RunningServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Callers who are slow on purpose, and many: they lose their connections, and others are answered all the while. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileCallersTest {
    private static final int ATTACKERS = 50;
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";

    private static final Map<String, String> QUICK = Map.of(
            "http.header-timeout", "400 ms",
            "http.idle-timeout", "600 ms",
            "http.keep-alive", "1500 ms",
            "http.body-window", "1 s",
            "http.stall-max", "400 ms");

    private RunningServer running;
    private URI server;
    private String collection = "";

    @BeforeAll
    void start(@TempDir Path directory) {
        running = RunningServer.start(directory, QUICK);
        server = running.http();
        Reply created = RawHttp.send(server, "POST", COLLECTIONS, "{\"name\":\"attacked\"}");
        collection = COLLECTIONS + "/" + created.json().get("id").textValue();
        String document = "d".repeat(100_000);
        for (int i = 0; i < 40; i++) {
            String record = "{\"ids\":[\"%d\"],\"embeddings\":[[1,2]],\"documents\":[\"%s\"]}".formatted(i, document);
            assertEquals(
                    201,
                    RawHttp.send(server, "POST", collection + "/add", record).status());
        }
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void tellsSlowHeadsThatTheyTookTooLong() throws Exception {
        double before = closed("slow-head");
        attack(connection -> {
            connection.write("GET /api/v2/version HTTP/1.1\r\nHost: x\r\n");
            Reply reply = connection.trickle("X-a: b\r\n");
            assertEquals(408, reply.status(), reply.head());
            assertTrue(reply.isProblem(), reply.body());
        });
        assertEquals(ATTACKERS, closed("slow-head") - before);
    }

    @Test
    void tellsSlowBodiesThatTheyTookTooLong() throws Exception {
        double before = closed("slow-body");
        attack(connection -> {
            connection.write("POST " + collection + "/query HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
            Reply reply = connection.trickle(" ");
            assertEquals(408, reply.status(), reply.head());
            assertTrue(reply.isProblem(), reply.body());
        });
        assertEquals(ATTACKERS, closed("slow-body") - before);
    }

    /** Each asks for four megabytes, ten times, and reads nothing. */
    @Test
    void cutsOffWhoDoesNotRead() throws Exception {
        double before = metric("quiver_stalled_total");
        String ask = RawHttp.request("POST", collection + "/get", "{\"include\":[\"documents\"]}")
                .replace("Connection: close\r\n", "");
        List<RawHttp> attackers = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try {
            for (int i = 0; i < ATTACKERS; i++) {
                RawHttp attacker = new RawHttp(server);
                attackers.add(attacker);
                attacker.write(ask.repeat(10)); // at once: who says nothing at first is closed as idle
            }
            do {
                query();
            } while (metric("quiver_stalled_total") - before < ATTACKERS && System.nanoTime() < end);
        } finally {
            attackers.forEach(RawHttp::close);
        }
        assertEquals(ATTACKERS, metric("quiver_stalled_total") - before);
        await(() -> metric("quiver_inflight") == 0);
    }

    /** Good queries are answered while the attackers attack, and afterwards no place is taken by them. */
    private void attack(Consumer<RawHttp> attacker) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> attackers = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                attackers.add(threads.submit(() -> {
                    try (RawHttp connection = new RawHttp(server)) {
                        attacker.accept(connection);
                    }
                }));
            }
            do {
                query();
            } while (!attackers.stream().allMatch(Future::isDone));
            for (Future<?> attack : attackers) {
                attack.get();
            }
        }
        query();
        await(() -> metric("quiver_inflight") == 0);
    }

    private void query() {
        Reply reply =
                RawHttp.send(server, "POST", collection + "/query", "{\"query_embeddings\":[[1,2]],\"include\":[]}");
        assertEquals(200, reply.status(), reply.body());
    }

    @Test
    void closesSilentConnectionsBeforeAndAfterARequest() {
        double before = closed("idle");
        try (RawHttp silent = new RawHttp(server);
                RawHttp done = new RawHttp(server)) {
            done.write("GET /api/v2/version HTTP/1.1\r\nHost: x\r\n\r\n");
            Reply reply = done.readAll();
            assertEquals(200, reply.status());
            assertFalse(reply.body().contains("HTTP/1.1 408"), reply.body());
            assertEquals(-1, silent.read());
        }
        assertEquals(2, closed("idle") - before);
    }

    /** One that was never asked anything is closed by the same clock before. */
    @Test
    void keepsConnectionsThatHaveAskedForLonger() {
        try (RawHttp asked = new RawHttp(server)) {
            asked.write("GET /api/v2/version HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(asked.readHead().startsWith("HTTP/1.1 200"));
            try (RawHttp silent = new RawHttp(server)) {
                assertEquals(-1, silent.read());
            }
            asked.write("GET /api/v2/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            String again = asked.readHead();
            assertTrue(again.contains("HTTP/1.1 200"), again);
        }
    }

    /** The other is told to close by the same clock, after this one should have been. */
    @Test
    void leavesWebSocketsToTheirStreams() {
        try (RawHttp stream = new RawHttp(server)) {
            stream.write(
                    "GET " + collection + "/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertTrue(stream.readHead().startsWith("HTTP/1.1 101"));
            for (int i = 0; i < 2; i++) {
                try (RawHttp silent = new RawHttp(server)) {
                    assertEquals(-1, silent.read());
                }
            }
            stream.write(new byte[] {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0}); // an empty ping
            assertEquals(0x8A, stream.read());
        }
    }

    /** A long body that comes at a good pace is read to its end, though it takes longer than every time-out. */
    @Test
    void readsALongBodyThatKeepsItsPace() {
        int chunk = 2_000;
        int chunks = 30;
        try (RawHttp patient = new RawHttp(server)) {
            patient.write("POST " + collection + "/query HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                    + (chunk * chunks + 29) + "\r\n\r\n{\"query_embeddings\":[[1,2]] ");
            for (int i = 0; i < chunks; i++) {
                patient.write(" ".repeat(chunk));
                assertFalse(patient.isAnsweredWithin(50));
            }
            patient.write("}");
            assertEquals(200, patient.readAll().status());
        }
    }

    /** On a server with the usual times, so that those who are in stay in. */
    @Test
    void turnsAwayTooManyConnectionsOfAnAddressAndThenOfAll(@TempDir Path directory) {
        List<RawHttp> open = new ArrayList<>();
        try (RunningServer few = RunningServer.start(
                directory, Map.of("http.connections-max", "12", "http.connections-per-address-max", "8"))) {
            fill(open, few.http(), "127.0.0.1", 8, "Too many connections from this address are open");
            fill(open, few.http(), "127.0.0.2", 4, "Too many connections are open");
            String page = metricsOver(open.getFirst());
            assertEquals(1, MetricsPage.value(page, closedName("too-many")));
            assertEquals(1, MetricsPage.value(page, closedName("too-many-of-address")));
            open.forEach(RawHttp::close);
            await(() -> MetricsPage.metric(few.http(), "quiver_connections") == 1);
        } finally {
            open.forEach(RawHttp::close);
        }
    }

    private static void fill(List<RawHttp> open, URI server, String address, int places, String refusal) {
        IntStream.range(0, places).forEach(_ -> open.add(new RawHttp(server, address)));
        try (RawHttp tooMany = new RawHttp(server, address)) {
            Reply reply = tooMany.readAll();
            assertEquals(503, reply.status(), reply.head());
            assertEquals(refusal, reply.json().get("message").textValue());
            assertTrue(reply.head().contains("Retry-After: 1"), reply.head());
        }
    }

    private double closed(String reason) {
        return metric(closedName(reason));
    }

    private static String closedName(String reason) {
        return "quiver_connections_closed_total{reason=\"" + reason + "\"";
    }

    private double metric(String name) {
        return MetricsPage.metric(server, name);
    }

    /** By one of those that are in: while all places are taken, asking over another counts as one too many. */
    private static String metricsOver(RawHttp open) {
        open.write(RawHttp.request("GET", "/metrics", ""));
        return open.readAll().body();
    }

    private static void await(Callable<Boolean> condition) {
        long end = System.nanoTime() + 30_000_000_000L;
        try {
            while (!condition.call()) {
                assertTrue(System.nanoTime() < end, "in vain");
                Thread.onSpinWait();
            }
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
