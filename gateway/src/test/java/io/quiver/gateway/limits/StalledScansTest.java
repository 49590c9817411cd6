package io.quiver.gateway.limits;

import static io.quiver.gateway.limits.Http2Frames.DATA;
import static io.quiver.gateway.limits.Http2Frames.HEADERS;
import static io.quiver.gateway.limits.Http2Frames.PREFACE;
import static io.quiver.gateway.limits.Http2Frames.SETTINGS;
import static io.quiver.gateway.limits.Http2Frames.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.server.RunningServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred callers who ask for all records over Flight and leave no room for any: they hold no more than they may,
 * others are answered meanwhile, and they are cut off although they take nothing, not even the reason.
 */
class StalledScansTest {
    private static final int CALLERS = 100;

    /** A stream is not ready while a mebibyte waits to be sent; one batch more than that is the most. */
    private static final double BYTES_A_CALLER = 4 << 20;

    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final String EVERYTHING = "{\"collection\":\"stalled\"}";

    /** A minute and more later the port would find out by itself that these callers answer nothing. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(50);

    private final List<RawHttp> stalled = new ArrayList<>();
    private RunningServer server;
    private String collection;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = RunningServer.start(directory, Map.of("flight.stall-max", "2 s"));
        RawHttp.Reply created = RawHttp.send(server.http(), "POST", COLLECTIONS, "{\"name\":\"stalled\"}");
        collection = COLLECTIONS + "/" + created.json().get("id").textValue();
        String document = "d".repeat(100_000);
        for (int i = 0; i < 60; i++) {
            String record = "{\"ids\":[\"%d\"],\"embeddings\":[[1,2]],\"documents\":[\"%s\"]}".formatted(i, document);
            assertEquals(
                    201,
                    RawHttp.send(server.http(), "POST", collection + "/add", record)
                            .status());
        }
    }

    @AfterEach
    void stop() {
        stalled.forEach(RawHttp::close);
        server.close();
    }

    @Test
    void holdNoMoreThanTheyMayAndAreCutOff() {
        ask(500);
        long[] alone = ask(500);
        for (int i = 0; i < CALLERS; i++) {
            stalled.add(stall());
        }
        long patience = System.nanoTime() + PATIENCE_NANOS;
        double held = 0;
        List<long[]> beside = new ArrayList<>();
        while (held == 0 || heldBytes() > 0) {
            beside.add(ask(20));
            held = Math.max(held, heldBytes());
            assertTrue(System.nanoTime() < patience, "they are not cut off");
        }
        assertTrue(held <= CALLERS * BYTES_A_CALLER, held + " bytes");
        for (RawHttp caller : stalled) {
            assertFalse(Http2Frames.await(caller, DATA), "there is no room for any");
        }
        long[] all = beside.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        System.out.printf(
                "%d stalled scans: %.1f MB held at most, others' p99 %.2f times what it is alone (%d queries)%n",
                CALLERS, held / 1e6, (double) p99(all) / p99(alone), all.length);
    }

    private double heldBytes() {
        return MetricsPage.metric(server.http(), "quiver_offheap_bytes{owner=\"flight\"");
    }

    /** Nanoseconds that each took, ascending. */
    private long[] ask(int count) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long begin = System.nanoTime();
            String body = "{\"query_embeddings\":[[1,2]],\"include\":[]}";
            assertEquals(
                    200,
                    RawHttp.send(server.http(), "POST", collection + "/query", body)
                            .status());
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static long p99(long[] ascending) {
        return ascending[(int) (ascending.length * 0.99)];
    }

    /** One that asks for everything and says that it has no room for it. */
    private RawHttp stall() {
        RawHttp connection = new RawHttp(server.flight());
        connection.write(PREFACE);
        connection.write(frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}));
        connection.write(frame(HEADERS, 0x4, 1, doGet()));
        connection.write(frame(DATA, 0x1, 1, ticket()));
        return connection;
    }

    /** The head of a call, in HPACK without a table. */
    private static byte[] doGet() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(0x83);
        head.write(0x86);
        literal(head, ":path", "/arrow.flight.protocol.FlightService/DoGet");
        literal(head, ":authority", "x");
        literal(head, "content-type", "application/grpc");
        literal(head, "te", "trailers");
        return head.toByteArray();
    }

    private static void literal(ByteArrayOutputStream head, String name, String value) {
        head.write(0);
        for (String text : List.of(name, value)) {
            head.write(text.length());
            head.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A message of gRPC with a ticket of Flight, whose one field is what is asked for. */
    private static byte[] ticket() {
        byte[] command = EVERYTHING.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {0, 0, 0, 0, (byte) (2 + command.length), 0x0a, (byte) command.length});
        message.writeBytes(command);
        return message.toByteArray();
    }
}
