package io.quiver.gateway.history;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Groups over a WebSocket, which is opened with the first question; one question after the other. */
final class StreamGroups implements AutoCloseable {
    private static final long PATIENCE_S = 30;

    /** For the answer that has come: a stream that never gets any ends after a thousand. */
    private static final String CREDIT =
            new JsonObject().put("type", "credit").put("results", 1).encode();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Received received = new Received();
    private final URI address;
    private @Nullable WebSocket socket;
    private long asked;

    /** @param collection id of the collection */
    StreamGroups(URI server, String collection) {
        this.address = URI.create("ws://%s%s/%s/stream".formatted(server.getAuthority(), HttpGroups.API, collection));
    }

    private WebSocket socket() {
        WebSocket open = socket;
        if (open == null) {
            open = http.newWebSocketBuilder().buildAsync(address, received).join();
            socket = open;
        }
        return open;
    }

    Seen query(int group, String consistency) throws Exception {
        float[] values = Groups.embedding(group, 1);
        JsonObject message = new JsonObject()
                .put("type", "query")
                .put("id", ++asked)
                .put("consistency", consistency)
                .put("query_embeddings", new JsonArray(List.of(new JsonArray(List.of(values[0], values[1])))))
                .put("n_results", Groups.RECORDS * 2)
                .put("ids", new JsonArray(Groups.ids(group)))
                .put("include", new JsonArray(List.of("metadatas")));
        socket().sendText(message.encode(), true).join();
        Seen seen = seen(next());
        socket().sendText(CREDIT, true).join();
        return seen;
    }

    private Seen seen(JsonObject answer) throws RefusedException {
        if (!answer.getString("type").equals("result") || answer.getLong("id") != asked) {
            throw new RefusedException(answer.encode());
        }
        List<Integer> versions = new ArrayList<>();
        answer.getJsonArray("metadatas")
                .getJsonArray(0)
                .forEach(each -> versions.add(((JsonObject) each).getInteger("version")));
        return new Seen(versions, answer.getLong("offset"), false);
    }

    private JsonObject next() throws Exception {
        String text = received.messages.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (text == null || text.isEmpty()) {
            throw new RefusedException("no answer came: " + received.end);
        }
        return new JsonObject(text);
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.abort();
        }
        http.close();
    }

    private static final class Received implements WebSocket.Listener {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        /** How the stream ended, for who waits in vain. */
        volatile String end = "in %d s".formatted(PATIENCE_S);

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            end = "closed with %d, %s".formatted(code, reason);
            messages.add("");
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            end = failure.toString();
            messages.add("");
        }
    }
}
