package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.stream.StreamSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
                .buildAsync(uri(server, GuardedServer.OWN, own), new WebSocket.Listener() {});
        assertThrows(CompletionException.class, socket::join);
    }

    @Test
    void aFirstMessageMayBeSoLongAndNoLonger() throws InterruptedException {
        int envelope = "{'type':'auth','token':''}".length();
        String token = server.admin();
        String padding = " ".repeat(StreamSettings.INTRODUCTION_BYTES_MAX - envelope - token.length());
        Caller caller = connect(GuardedServer.OWN, own);
        caller.send("{'type':'auth'," + padding + "'token':'" + token + "'}");
        caller.send(QUERY);
        assertTrue(caller.next().contains("harmless"));
        caller.socket.abort();
        assertTrue(refusal(own, "{'type':'auth', " + padding + "'token':'" + token + "'}")
                .endsWith("closed 4401"));
    }

    /** Nobody was let in before they said who they are: the log names who came, and who was refused. */
    @Test
    void theAuditLogNamesWhoCame(@TempDir Path audited) throws InterruptedException, IOException {
        Grant elsewhere = new Grant(Role.READ_ONLY, new Scope("elsewhere", null, null));
        String stranger = GuardedServer.key(audited, "stranger", Rights.of(elsewhere), null);
        try (var noting = new GuardedServer(audited, Map.of("audit.extent", "everything"))) {
            String id = noting.fill(GuardedServer.OWN, "noted");
            Caller root = introduced(noting, id, noting.admin());
            root.send(QUERY);
            root.next();
            root.socket.abort();
            Caller refused = introduced(noting, id, stranger);
            refused.next();
            refused.socket.abort();
        }
        List<String> streams = notedStreams(audited);
        assertEquals(2, streams.size(), streams::toString);
        assertTrue(streams.getFirst().matches(".*\"who\":\"root\".*/stream.*\"result\":\"101\".*"), streams.getFirst());
        assertTrue(streams.getLast().matches(".*\"who\":\"stranger\".*\"result\":\"NOT_FOUND\".*"), streams.getLast());
    }

    /** One that has said who it is, and may be closed for it before it says more. */
    private Caller introduced(GuardedServer noting, String collection, String token) {
        Caller caller = connect(noting, GuardedServer.OWN, collection);
        caller.send("{'type':'auth','token':'" + token + "'}");
        return caller;
    }

    private static List<String> notedStreams(Path directory) throws IOException {
        Path log = directory.resolve("audit").resolve("audit-0000000000000001.jsonl");
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("/stream") || line.contains("NOT_FOUND"))
                .toList();
    }

    private String refusal(String collection, String first) throws InterruptedException {
        Caller caller = connect(GuardedServer.OTHER, collection);
        caller.send(first);
        String said = caller.next().replaceAll("[0-9a-f]{32}", "trace") + " " + caller.next();
        caller.socket.abort();
        return said;
    }

    private static URI uri(GuardedServer server, String tenant, String collection) {
        return URI.create("ws://%s/api/v2/tenants/%s/databases/%s/collections/%s/stream"
                .formatted(server.http().getAuthority(), tenant, GuardedServer.DATABASE, collection));
    }

    private Caller connect(String tenant, String collection) {
        return connect(server, tenant, collection);
    }

    private Caller connect(GuardedServer server, String tenant, String collection) {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(uri(server, tenant, collection), new Listening(heard))
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
