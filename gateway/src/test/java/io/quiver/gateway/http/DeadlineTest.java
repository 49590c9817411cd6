package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.gateway.http.SlowExecutor.Mode;
import io.quiver.gateway.http.TestClient.Reply;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes too long, and callers that do not wait. */
class DeadlineTest {
    private static final String QUERY = "{'query_embeddings':[[1,0,0]]}";

    @TempDir
    Path directory;

    private TestServer server;
    private TestClient client;
    private SlowExecutor executor;

    @BeforeEach
    void start() {
        AtomicReference<SlowExecutor> slow = new AtomicReference<>();
        server = TestServer.start(directory, TestServer.Options.DEFAULT.with(link -> {
            slow.set(new SlowExecutor(link));
            return slow.get();
        }));
        client = server.client();
        executor = slow.get();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Reply queryWithin(String collection, int millis) {
        return client.post(
                collection + "/query",
                QUERY,
                request -> request.header(Exchange.TIMEOUT_HEADER, Integer.toString(millis)));
    }

    @Test
    void answersWhenTheDeadlinePassesAndCancelsTheWork() {
        String collection = client.collectionOfThree();
        executor.mode = Mode.NEVER;
        queryWithin(collection, 50).isProblem(504, "ChromaError", "No answer within 50 ms");
        TestServer.eventually(() -> executor.cancelled.get() == 1 && server.inFlight() == 0);
    }

    @Test
    void marksAPartialAnswerForWhoSetADeadline() {
        String collection = client.collectionOfThree();
        executor.mode = Mode.PARTIAL;
        Reply reply = queryWithin(collection, 10_000);
        assertEquals(200, reply.status());
        assertEquals("true", reply.header(RecordAnswers.PARTIAL_HEADER));
        executor.mode = Mode.USUAL;
        assertEquals("miss", queryWithin(collection, 10_000).header(RecordAnswers.CACHE_HEADER));
    }

    @Test
    void marksAPartialSearchForWhoSetADeadline() {
        String path = client.collectionOfThree() + "/search";
        String search = "{'searches':[{'rank':{'$knn':{'query':[1,0,0]}},'select':{'keys':['#score']}}]}";
        executor.mode = Mode.PARTIAL;
        Reply reply = client.post(path, search, request -> request.header(Exchange.TIMEOUT_HEADER, "10000"));
        assertEquals(200, reply.status(), reply.body());
        assertEquals("true", reply.header(RecordAnswers.PARTIAL_HEADER));
        client.post(path, search)
                .isProblem(504, "ChromaError", "The deadline passed before everything had been searched");
    }

    @Test
    void givesNoPartialAnswerToWhoSetNone() {
        String collection = client.collectionOfThree();
        executor.mode = Mode.PARTIAL;
        String message = "The deadline passed before everything had been searched";
        client.post(collection + "/query", QUERY).isProblem(504, "ChromaError", message);
        client.post(collection + "/delete", "{'where':{'k':1}}").isProblem(504, "ChromaError", message);
        client.get(collection + "/count").isProblem(504, "ChromaError", message);
    }

    @Test
    void cancelsTheWorkOfACallerThatGoesAway() throws IOException {
        String collection = client.collectionOfThree();
        executor.mode = Mode.NEVER;
        try (Socket socket = new Socket("localhost", server.port())) {
            String body = QUERY.replace('\'', '"');
            socket.getOutputStream()
                    .write("POST %s/query HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(collection, body.length(), body)
                            .getBytes(StandardCharsets.UTF_8));
            TestServer.eventually(() -> executor.asked.get() == 1);
        }
        TestServer.eventually(() -> executor.cancelled.get() == 1 && server.inFlight() == 0);
        TestServer.eventually(() -> wasTold(RequestObserver.CLIENT_GONE));
    }

    private boolean wasTold(int status) {
        for (TestServer.Ended ended : server.ended()) {
            if (ended.equals(new TestServer.Ended("POST", CollectionEndpoints.COLLECTION + "/query", status))) {
                return true;
            }
        }
        return false;
    }
}
