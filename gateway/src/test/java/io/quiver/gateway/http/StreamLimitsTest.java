package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestServer.Options;
import io.quiver.gateway.stream.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream does not take, and how it ends. */
class StreamLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicReference<SlowExecutor> executor = new AtomicReference<>();

    @TempDir
    Path directory;

    @Test
    void sendsNoMoreResultsThanWereGranted() {
        try (TestServer server = start(settings(16, 1 << 20, 2, LONG, LONG));
                TestClient client = server.client();
                StreamClient stream = new StreamClient(server, client.collectionOfThree())) {
            for (int id = 0; id < 4; id++) {
                stream.send(query(id));
            }
            result(stream);
            result(stream);
            stream.send("{'type':'ping','id':0}").gets("{'type':'pong','id':0}");
            eventually(() -> executor.get().asked.get() == 4 && server.inFlight() == 0);
            assertEquals(0, stream.waiting());
            stream.send("{'type':'credit','results':1}");
            result(stream);
            stream.send("{'type':'ping','id':1}").gets("{'type':'pong','id':1}");
            stream.send("{'type':'credit','results':1}");
            result(stream);
        }
    }

    @Test
    void refusesMoreQueriesThanMayBeInFlightAndIdsThatAre() {
        try (TestServer server = start(settings(2, 1 << 20, 10, LONG, LONG));
                TestClient client = server.client();
                StreamClient stream = new StreamClient(server, client.collectionOfThree())) {
            executor.get().mode = SlowExecutor.Mode.NEVER;
            stream.send(query(1)).send(query(1));
            assertRefused(409, 1, stream.next());
            stream.send(query(2)).send(query(3));
            assertRefused(429, 3, stream.next());
            assertEquals(2, server.inFlight());
        }
    }

    @Test
    void stopsWhatIsCancelledAndWhatNobodyWaitsForAnyMore() {
        try (TestServer server = start(settings(16, 1 << 20, 10, LONG, LONG));
                TestClient client = server.client()) {
            try (StreamClient stream = new StreamClient(server, client.collectionOfThree())) {
                executor.get().mode = SlowExecutor.Mode.NEVER;
                stream.send(query(1)).send(query(2)).send("{'type':'cancel','id':1}");
                assertRefused(400, 1, stream.next());
                eventually(() -> executor.get().cancelled.get() == 1);
            }
            eventually(() -> executor.get().cancelled.get() == 2 && server.inFlight() == 0);
        }
    }

    @Test
    void marksPartialResultsWhereADeadlineWasSet() {
        try (TestServer server = start(settings(16, 1 << 20, 10, LONG, LONG));
                TestClient client = server.client();
                StreamClient stream = new StreamClient(server, client.collectionOfThree())) {
            executor.get().mode = SlowExecutor.Mode.PARTIAL;
            stream.send("{'type':'query','id':1,'deadline_ms':50,'query_embeddings':[[1,0,0]]}");
            assertTrue(stream.next().get("partial").booleanValue());
            stream.send(query(2));
            assertRefused(504, 2, stream.next());
        }
    }

    @Test
    void closesWithAReason() {
        try (TestServer server = start(settings(16, 1 << 20, 10, LONG, LONG));
                TestClient client = server.client()) {
            String collection = client.collectionOfThree();
            try (StreamClient stream = new StreamClient(server, collection)) {
                stream.sendDivided("{'type':'ping','id':'" + "x".repeat(70_000) + "'}");
                assertEquals(1009, stream.awaitClosed().code());
            }
            assertEquals(1, server.metric("quiver.stream.cut.off", "code", "1009"));
        }
    }

    @Test
    void pingsTheSilentAndKeepsThoseWhoAnswer() {
        try (TestServer server = start(settings(16, 1 << 20, 10, Duration.ofSeconds(1), LONG));
                TestClient client = server.client();
                StreamClient stream = new StreamClient(server, client.collectionOfThree())) {
            eventually(() -> stream.pings() >= 3);
            result(stream.send(query(1)));
        }
    }

    @Test
    void cutsOffWhoDoesNotAnswerPings() {
        try (TestServer server = start(settings(16, 1 << 20, 10, Duration.ofMillis(200), LONG));
                TestClient client = server.client();
                StreamClient stream = new StreamClient(server, client.collectionOfThree())) {
            stream.stopReading();
            eventually(() -> server.metric("quiver.stream.cut.off", "code", "4408") == 1);
        }
    }

    @Test
    void cutsOffWhoDoesNotReadAndBuffersNoMoreThanItMay() {
        int bufferedMax = 200_000;
        try (TestServer server = start(settings(64, bufferedMax, 1_000, LONG, Duration.ofMillis(500)));
                TestClient client = server.client()) {
            String collection = client.collectionOfOne("x".repeat(100_000));
            StreamClient reader = new StreamClient(server, collection);
            StreamClient stream = new StreamClient(server, collection);
            stream.stopReading();
            eventually(() -> {
                stream.send("{'type':'query','id':" + System.nanoTime() + ",'query_embeddings':[[1,0,0]]}");
                assertTrue(server.buffered() <= 2.1 * bufferedMax, () -> server.buffered() + " bytes");
                return server.metric("quiver.stream.cut.off", "code", "4429") == 1;
            });
            result(reader.send(query(1)));
            eventually(() -> server.streams() == 1);
            reader.close();
            stream.close();
        }
    }

    @Test
    void saysFarewellWhenTheServerEnds() {
        TestServer server = start(StreamSettings.DEFAULT);
        try (TestClient client = server.client();
                StreamClient stream = new StreamClient(server, client.collectionOfThree())) {
            result(stream.send(query(1)));
            server.close();
            assertEquals(new StreamClient.Closed(1001, "the server ends"), stream.awaitClosed());
        }
    }

    @Test
    void letsInNoMoreThanItMay() {
        StreamSettings one = new StreamSettings(1, 1 << 16, 16, 16, 1 << 20, 10, LONG, LONG, LONG);
        try (TestServer server = start(one);
                TestClient client = server.client()) {
            String collection = client.collectionOfThree();
            try (StreamClient first = new StreamClient(server, collection);
                    StreamClient second = new StreamClient(server, collection)) {
                assertEquals(1013, second.awaitClosed().code());
                result(first.send(query(1)));
            }
        }
    }

    private static StreamSettings settings(int inFlight, int buffered, int credit, Duration idle, Duration slow) {
        return new StreamSettings(100, 1 << 16, inFlight, inFlight, buffered, credit, LONG, idle, slow);
    }

    private TestServer start(StreamSettings settings) {
        return TestServer.start(directory, Options.DEFAULT.with(settings).with(link -> {
            executor.set(new SlowExecutor(link));
            return executor.get();
        }));
    }

    private static String query(int id) {
        return "{'type':'query','id':" + id + ",'query_embeddings':[[1,0,0]],'n_results':1,'include':[]}";
    }

    private static void result(StreamClient stream) {
        JsonNode next = stream.next();
        assertEquals("result", next.get("type").textValue(), next::toString);
    }

    private static void assertRefused(int status, int id, JsonNode message) {
        assertEquals("error", message.get("type").textValue(), message::toString);
        assertEquals(status, message.get("status").intValue(), message::toString);
        assertEquals(id, message.get("id").intValue(), message::toString);
    }
}
