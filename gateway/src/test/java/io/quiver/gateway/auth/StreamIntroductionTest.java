package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of callers who can set no headers, as browsers cannot: their first message says who they are. */
class StreamIntroductionTest {
    private static final String QUERY =
            "{'type':'query','id':1,'query_embeddings':[[1,0]],'n_results':1,'include':['documents']}";

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private GuardedServer server;
    private String own;
    private String other;

    @BeforeEach
    void start() {
        server = new GuardedServer(directory);
        own = server.fill(GuardedServer.OWN, "harmless");
        other = server.fill(GuardedServer.OTHER, "precious");
    }

    @AfterEach
    void stop() {
        server.close();
        http.close();
    }

    @Test
    void whoSaysWhoTheyAreIsAnswered() throws InterruptedException {
        Caller caller = connect(GuardedServer.OWN, own);
        caller.send("{'type':'auth','token':'" + server.admin() + "'}");
        caller.send(QUERY);
        assertTrue(caller.next().contains("harmless"));
        caller.socket.abort();
    }

    @Test
    void othersLearnNothing() throws InterruptedException {
        String nowhere = UUID.randomUUID().toString();
        for (String first : new String[] {
            QUERY, "{'type':'auth','token':'wrong.secret'}", "{'type':'auth'}", "not JSON", "{'type':'ping'}"
        }) {
            String ofExisting = refusal(other, first);
            assertEquals(ofExisting, refusal(nowhere, first), first);
            assertTrue(ofExisting.endsWith("closed 4401"), ofExisting);
        }
    }

    @Test
    void aWrongHeaderIsRefusedBeforeTheHandshake() {
        var socket = http.newWebSocketBuilder()
                .header("x-chroma-token", "wrong.secret")
                .buildAsync(uri(GuardedServer.OWN, own), new WebSocket.Listener() {});
        assertThrows(CompletionException.class, socket::join);
    }

    private String refusal(String collection, String first) throws InterruptedException {
        Caller caller = connect(GuardedServer.OTHER, collection);
        caller.send(first);
        String said = caller.next().replaceAll("[0-9a-f]{32}", "trace") + " " + caller.next();
        caller.socket.abort();
        return said;
    }

    private URI uri(String tenant, String collection) {
        return URI.create("ws://%s/api/v2/tenants/%s/databases/%s/collections/%s/stream"
                .formatted(server.http().getAuthority(), tenant, GuardedServer.DATABASE, collection));
    }

    private Caller connect(String tenant, String collection) {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(uri(tenant, collection), new Listening(heard))
                .join();
        return new Caller(socket, heard);
    }

    private record Caller(WebSocket socket, BlockingQueue<String> heard) {
        void send(String text) {
            socket.sendText(text.replace('\'', '"'), true).join();
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(30, TimeUnit.SECONDS));
        }
    }

    private record Listening(BlockingQueue<String> heard) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            heard.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("closed " + code);
            return null;
        }
    }
}
