package io.quiver.loadtest.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream by the JDK's own WebSocket: messages in, messages out. One thread sends and takes. */
final class StreamExample implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    /** @param collection address of the collection, {@code ws://host:port/api/v2/tenants/.../collections/...} */
    StreamExample(URI collection) {
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(collection + "/stream"), new Listener())
                .join();
    }

    void send(String json) {
        socket.sendText(json, true).join();
    }

    /** The next message, for a minute. */
    JsonNode next() throws IOException, InterruptedException {
        String text = received.poll(1, TimeUnit.MINUTES);
        if (text == null) {
            throw new IOException("no message came");
        }
        return JSON.readTree(text);
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        http.close();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            parts.append(part);
            if (isLast) {
                received.add(parts.toString());
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
