package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One stream, from the caller's side. Apostrophes stand for quotation marks. */
final class StreamClient implements AutoCloseable {
    private static final long PATIENCE_S = 30;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Received received = new Received();
    private final WebSocket socket;

    /** How the server ended it. */
    record Closed(int code, String reason) {}

    StreamClient(TestServer server, String collection) {
        this(server.port(), collection);
    }

    StreamClient(int port, String collection) {
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + port + collection + "/stream"), received)
                .join();
    }

    StreamClient send(String json) {
        socket.sendText(json.replace('\'', '"'), true).join();
        return this;
    }

    /** In two frames. */
    StreamClient sendDivided(String json) {
        String text = json.replace('\'', '"');
        socket.sendText(text.substring(0, text.length() / 2), false).join();
        socket.sendText(text.substring(text.length() / 2), true).join();
        return this;
    }

    StreamClient sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    /** The next binary message. */
    byte[] nextBinary() {
        try {
            byte[] bytes = received.binaries.poll(PATIENCE_S, TimeUnit.SECONDS);
            assertNotNull(bytes, "no binary message came");
            return bytes;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next text message. */
    JsonNode next() {
        try {
            String text = received.messages.poll(PATIENCE_S, TimeUnit.SECONDS);
            assertNotNull(text, "no message came");
            return TestClient.parse(text);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next message is this, whatever the offset of its answer. */
    StreamClient gets(String json) {
        JsonNode next = next();
        ((ObjectNode) next).remove("offset");
        assertEquals(TestClient.parse(json.replace('\'', '"')), next);
        return this;
    }

    int waiting() {
        return received.messages.size();
    }

    int pings() {
        return received.pings.get();
    }

    Closed awaitClosed() {
        return received.closed.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
    }

    /** Takes nothing from the socket any more. */
    void stopReading() {
        received.isReading = false;
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
    }

    private static final class Received implements WebSocket.Listener {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
        final CompletableFuture<Closed> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        final AtomicInteger pings = new AtomicInteger();
        volatile boolean isReading = true;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            if (isReading) {
                socket.request(1);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            binary.writeBytes(part);
            if (last) {
                binaries.add(binary.toByteArray());
                binary.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            pings.incrementAndGet();
            if (isReading) {
                socket.request(1);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(new Closed(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            closed.completeExceptionally(failure);
        }
    }
}
