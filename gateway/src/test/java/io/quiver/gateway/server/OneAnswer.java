package io.quiver.gateway.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** One message over a WebSocket of its own, and what is said to it. */
final class OneAnswer {
    private static final long PATIENCE_S = 60;

    private OneAnswer() {}

    /**
     * Waits for the answer.
     *
     * @param server of HTTP
     * @param collection the path of one
     */
    static String to(String message, HttpClient client, URI server, String collection) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://" + server.getAuthority() + collection + "/stream"), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
                                answer.complete(text.toString());
                                return WebSocket.Listener.super.onText(from, text, isLast);
                            }
                        })
                .join();
        socket.sendText(message, true).join();
        String said = answer.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
        socket.abort();
        return said;
    }
}
