package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Callers that go away in the middle of work that would take the search threads minutes: these are idle again at once.
 * Whoever waits for the end of such work instead waits in vain.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoneCallerTest {
    private TestServer server;
    private TestClient client;
    private String collection;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.start(directory);
        client = server.client();
        collection = client.collectionOfLongDocuments();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "query  | {'query_embeddings':[[1,1]],'where_document':%s}",
                "get    | {'where_document':%s}",
                "delete | {'where_document':%s}",
                "search | {'searches':[{'filter':{'#document':%s},'rank':{'$knn':{'query':[1,1]}}}]}"
            },
            quoteCharacter = '"')
    void overHttpStopTheirWork(String route, String form) throws IOException {
        String body = form.formatted(TestClient.LONG_WORK).replace('\'', '"');
        long gone;
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.getOutputStream()
                    .write("POST %s/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(collection, route, body.length(), body)
                            .getBytes(StandardCharsets.UTF_8));
            awaitWork();
            gone = System.nanoTime();
        }
        awaitRest("HTTP " + route, gone);
    }

    @Test
    void overAWebSocketStopTheirWork() {
        double before = server.metric("quiver.cancelled", "door", "websocket");
        long gone;
        try (StreamClient stream = new StreamClient(server, collection)) {
            stream.send("{'type':'query','id':1,'query_embeddings':[[1,1]],'where_document':%s}"
                    .formatted(TestClient.LONG_WORK));
            awaitWork();
            gone = System.nanoTime();
        }
        awaitRest("WebSocket", gone);
        TestServer.eventually(() -> server.metric("quiver.cancelled", "door", "websocket") == before + 1);
    }

    @Test
    void overAWebSocketStopOneQueryOfSeveral() {
        try (StreamClient stream = new StreamClient(server, collection)) {
            stream.send("{'type':'query','id':1,'query_embeddings':[[1,1]],'where_document':%s}"
                    .formatted(TestClient.LONG_WORK));
            awaitWork();
            long gone = System.nanoTime();
            stream.send("{'type':'cancel','id':1}").next();
            awaitRest("WebSocket, one query", gone);
            stream.send("{'type':'query','id':2,'query_embeddings':[[1,1]],'n_results':1}");
            assertEquals(2, stream.next().get("id").asInt());
        }
    }

    private void awaitWork() {
        TestServer.eventually(() -> server.searching() > 0);
    }

    private void awaitRest(String door, long goneNanos) {
        TestServer.eventually(() -> server.searching() == 0);
        System.out.printf(
                "%s: the search threads rest %.1f ms after the caller has gone%n",
                door, (System.nanoTime() - goneNanos) / (double) TimeUnit.MILLISECONDS.toNanos(1));
        TestServer.eventually(() -> server.inFlight() == 0);
    }
}
