package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.stream.StreamSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred callers of WebSockets who ask for much and read nothing: all are cut off, and others are answered
 * meanwhile.
 */
class StalledStreamsTest {
    private static final int CALLERS = 100;
    private static final int QUESTIONS = 40;
    private static final int BUFFERED_MAX = 200_000;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String QUERY = "{'query_embeddings':[[1,0,0]],'include':['distances']}";

    /** A frame of text: final, masked by zeros. */
    private static final byte TEXT = (byte) 0x81;

    private static final byte MASKED = (byte) 0x80;

    @TempDir
    Path directory;

    @Test
    void holdNoMoreThanTheyMayAndNobodyElseUp() throws IOException {
        StreamSettings settings =
                new StreamSettings(CALLERS, 1 << 16, 64, 64, BUFFERED_MAX, 1_000, LONG, LONG, Duration.ofMillis(500));
        List<Socket> stalled = new ArrayList<>();
        try (TestServer server = TestServer.start(directory, TestServer.Options.DEFAULT.with(settings));
                TestClient client = server.client()) {
            String collection = client.collectionOfOne("x".repeat(100_000));
            ask(client, collection, 500);
            long[] alone = ask(client, collection, 500);
            for (int i = 0; i < CALLERS; i++) {
                stalled.add(stall(server.port(), collection));
            }
            double buffered = 0;
            List<long[]> beside = new ArrayList<>();
            while (server.metric("quiver.stream.cut.off", "code", "4429") < CALLERS) {
                beside.add(ask(client, collection, 20));
                buffered = Math.max(buffered, server.buffered());
            }
            TestServer.eventually(() -> server.streams() == 0 && server.buffered() == 0);
            assertTrue(buffered <= 2.1 * BUFFERED_MAX * CALLERS, buffered + " bytes");
            long[] all = beside.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            System.out.printf(
                    "%d stalled WebSockets: %.1f MB buffered at most, others' p99 %.2f times what it is alone (%d queries)%n",
                    CALLERS, buffered / 1e6, (double) p99(all) / p99(alone), all.length);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    /** Nanoseconds that each took, ascending. */
    private static long[] ask(TestClient client, String collection, int count) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long begin = System.nanoTime();
            assertEquals(200, client.post(collection + "/query", QUERY).status());
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static long p99(long[] ascending) {
        return ascending[(int) (ascending.length * 0.99)];
    }

    private static Socket stall(int port, String collection) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress("localhost", port));
        OutputStream out = socket.getOutputStream();
        String upgrade = """
                GET %s/stream HTTP/1.1
                Host: x
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                """.formatted(collection);
        out.write(upgrade.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        assertEquals('H', socket.getInputStream().read());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < QUESTIONS; i++) {
            frames.writeBytes(frame("{\"type\":\"query\",\"id\":%d,\"query_embeddings\":[[1,0,0]]}".formatted(i)));
        }
        out.write(frames.toByteArray());
        return socket;
    }

    private static byte[] frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + Integer.BYTES + payload.length)
                .put(TEXT)
                .put((byte) (MASKED | payload.length))
                .putInt(0)
                .put(payload)
                .array();
    }
}
