package io.quiver.loadtest.door;

import io.quiver.loadtest.data.Vectors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One WebSocket with several questions in flight. Belongs to one thread; answers come on the client's. */
public final class StreamCaller implements AutoCloseable {
    private static final int CREDIT = 1_000;

    private final WebSocket socket;
    private final Semaphore places;
    private final int inFlight;
    private final StringBuilder text = new StringBuilder();
    private int asked;
    private volatile @Nullable String refusal;

    /** @param path of the collection's routes */
    public StreamCaller(HttpClient http, URI server, String path, int inFlight) {
        this.inFlight = inFlight;
        this.places = new Semaphore(inFlight);
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + server.getAuthority() + path + "/stream"), new Answers())
                .join();
    }

    /** Sends a question, as soon as one of those in flight has its answer. */
    public void ask(Vectors queries, int query, int k) throws IOException {
        take(1);
        if (asked++ % CREDIT == 0) {
            socket.sendText("{\"type\":\"credit\",\"results\":" + CREDIT + "}", true)
                    .join();
        }
        text.setLength(0);
        new QueryBody(k, ",\"type\":\"query\",\"id\":" + asked).append(text, queries, query, query + 1, "");
        socket.sendText(text.toString(), true).join();
    }

    public void awaitAnswers() throws IOException {
        take(inFlight);
        places.release(inFlight);
    }

    private void take(int count) throws IOException {
        places.acquireUninterruptibly(count);
        String refused = refusal;
        if (refused != null) {
            throw new IOException(refused);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            message.append(part);
            if (isLast) {
                if (message.indexOf("\"type\":\"error\"") >= 0) {
                    refusal = message.toString();
                }
                message.setLength(0);
                places.release();
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            refusal = failure.toString();
            places.release(inFlight);
        }
    }
}
