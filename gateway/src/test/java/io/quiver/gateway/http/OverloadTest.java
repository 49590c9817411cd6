package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Deadline;
import io.quiver.gateway.admission.AdmissionSettings;
import io.quiver.gateway.admission.Lane;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.admission.Rate;
import io.quiver.gateway.http.TestClient.Reply;
import io.quiver.log.catalog.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;

/** Refusals of who asks too much, and answers to who reads too slowly. */
class OverloadTest {
    @TempDir
    Path directory;

    private TestServer server(OperationKind kind, Rate rate) {
        return TestServer.start(
                directory,
                TestServer.Options.DEFAULT.with(
                        new AdmissionSettings(Map.of(kind, rate), AdmissionSettings.IN_FLIGHT_MAX_DEFAULT)));
    }

    /**
     * No search takes as little as seven microseconds: the first one is let in on credit, which is paid back for hours.
     */
    @Test
    void refusesWhoExceedsItsShareAndSaysWhenToComeAgain() {
        try (TestServer server = server(OperationKind.SEARCH, new Rate(0.01, 7));
                TestClient client = server.client()) {
            String collection = client.collectionOfThree();
            Reply first = client.post(collection + "/query", "{'query_embeddings':[[1,0,0],[0,1,0]]}");
            assertEquals(200, first.status());
            assertEquals("7", first.header(RateLimitHeaders.LIMIT));
            Reply refused = client.post(collection + "/query", "{'query_embeddings':[[0,0,1]]}");
            refused.isProblem(429, "ChromaError", "Rate limit of search exceeded: 0 units per second");
            assertTrue(Integer.parseInt(refused.header("retry-after")) > 100, refused.header("retry-after"));
            assertEquals("0", refused.header(RateLimitHeaders.REMAINING));
            assertTrue(Integer.parseInt(refused.header(RateLimitHeaders.RESET)) > 700);
            assertEquals(200, client.post(collection + "/get", "{}").status());
        }
    }

    @Test
    void chargesLittleForAKeptAnswer() {
        try (TestServer server = server(OperationKind.SEARCH, new Rate(10_000, 30_000_000));
                TestClient client = server.client()) {
            String collection = client.collectionOfThree();
            String query = "{'query_embeddings':[[1,0,0],[0,1,0]]}";
            assertEquals(200, client.post(collection + "/query", query).status());
            Reply kept = client.post(collection + "/query", query);
            assertEquals("hit", kept.header(RecordAnswers.CACHE_HEADER));
            Reply again = client.post(collection + "/query", query);
            assertTrue(remaining(again) >= remaining(kept) - 1, again.header(RateLimitHeaders.REMAINING));
        }
    }

    private static long remaining(Reply reply) {
        return Long.parseLong(reply.header(RateLimitHeaders.REMAINING));
    }

    /**
     * All places are lent to bulk work, of which more waits: searches have places of their own, but there is too much
     * to do.
     */
    @Test
    void narrowsSearchesWhileMoreIsAskedThanCanBeDoneAndSaysSo() {
        AdmissionSettings settings =
                new AdmissionSettings(Map.of(), Map.of(), AdmissionSettings.IN_FLIGHT_MAX_DEFAULT, 20);
        try (TestServer server = TestServer.start(directory, TestServer.Options.DEFAULT.with(settings));
                TestClient client = server.client()) {
            String query = client.collectionOfThree() + "/query";
            String wide = "{'query_embeddings':[[1,0,0]],'ef':100}";
            List<Disposable> bulk = bulkWork(server);
            Reply degraded = client.post(query, wide);
            assertEquals(200, degraded.status(), degraded.body());
            assertEquals("ef=20", degraded.header(Exchange.DEGRADED_HEADER));
            Reply usual = client.post(query, "{'query_embeddings':[[1,0,0]]}");
            assertEquals("", usual.header(Exchange.DEGRADED_HEADER));
            bulk.forEach(Disposable::dispose);
            Reply whole = client.post(query, wide);
            assertEquals("", whole.header(Exchange.DEGRADED_HEADER));
            assertEquals("miss", whole.header(RecordAnswers.CACHE_HEADER), "the narrow answer was not kept");
        }
    }

    private static List<Disposable> bulkWork(TestServer server) {
        return work(server, Lane.BULK, "loader");
    }

    /** Disposing of the last ones first leaves nothing that waits. */
    private static List<Disposable> work(TestServer server, Lane lane, String tenant) {
        List<Disposable> asking = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            asking.addFirst(server.admission()
                    .place(lane, tenant, Deadline.after(Duration.ofMinutes(1)), Runnable::run)
                    .subscribe(_ -> {}, _ -> {}));
        }
        return asking;
    }

    /** The first ones at once, for nothing is known of a flood yet. */
    @Test
    void tellsAFloodBesideOthersLaterThatItIsRefused() {
        try (TestServer server = TestServer.start(directory);
                TestClient client = server.client()) {
            String query = client.collectionOfThree() + "/query";
            List<Disposable> others = work(server, Lane.BULK, "other");
            List<Disposable> flood = work(server, Lane.READ, Tenant.DEFAULT);
            Reply refused = client.post(query, "{'query_embeddings':[[1,0,0]]}");
            refused.isProblem(503, "ChromaError", "The server is full: too many requests of this kind wait already");
            long begin = 0;
            for (int i = 0; i < 40; i++) {
                begin = System.nanoTime();
                refused = client.post(query, "{'query_embeddings':[[1,0,0]]}");
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            refused.isProblem(
                    503, "ChromaError", "The server is full, and most that it cannot do are this tenant's requests");
            assertEquals("1", refused.header("retry-after"));
            assertTrue(took.compareTo(KeptBack.TIME) >= 0, took::toString);
            flood.forEach(Disposable::dispose);
            others.forEach(Disposable::dispose);
        }
    }

    @Test
    void saysNothingOfLimitsWhereThereAreNone() {
        try (TestServer server = TestServer.start(directory);
                TestClient client = server.client()) {
            Reply reply = client.post(client.collectionOfThree() + "/query", "{'query_embeddings':[[1,0,0]]}");
            assertEquals(200, reply.status());
            assertEquals("", reply.header(RateLimitHeaders.LIMIT));
        }
    }

    @Test
    void chargesWritesByTheByteBeforeTheyAreRead() {
        try (TestServer server = server(OperationKind.WRITE, new Rate(1, 100));
                TestClient client = server.client()) {
            String collection = client.collection();
            Reply refused = client.post(collection + "/add", "{'ids':['a'],'embeddings':[[1]]" + " ".repeat(200) + "}");
            assertEquals(413, refused.status(), refused.body());
            client.post(collection + "/add", "{'ids':['a'],'embeddings':[[1]]}").is(201, "{}");
            assertEquals("1", client.get(collection + "/count").body());
        }
    }

    @Test
    void refusesWhatFindsNoPlace() throws InterruptedException {
        try (TestServer server = TestServer.start(
                        directory,
                        TestServer.Options.DEFAULT
                                .with(new AdmissionSettings(Map.of(), 1))
                                .with(link -> {
                                    SlowExecutor slow = new SlowExecutor(link);
                                    slow.mode = SlowExecutor.Mode.NEVER;
                                    return slow;
                                }));
                TestClient client = server.client();
                TestClient other = server.client()) {
            String collection = client.collectionOfThree();
            TestServer.eventually(() -> server.inFlight() == 0);
            Thread waiting = Thread.ofVirtual()
                    .start(() -> client.post(
                            collection + "/query",
                            "{'query_embeddings':[[1,0,0]]}",
                            request -> request.header(Exchange.TIMEOUT_HEADER, "3000")));
            TestServer.eventually(() -> server.inFlight() == 1);
            Reply refused = other.get("/api/v2/version");
            refused.isProblem(503, "ChromaError", "Too many requests in flight (1)");
            assertEquals("1", refused.header("retry-after"));
            assertEquals("hooked", other.get("/healthz").body());
            waiting.join();
            TestServer.eventually(() -> server.inFlight() == 0);
            assertEquals(200, other.get("/api/v2/version").status());
        }
    }

    /** Some megabytes of floats, written piece by piece while the reader hardly reads. */
    @Test
    void writesALargeAnswerAtThePaceOfItsReader() throws Exception {
        try (TestServer server = TestServer.start(directory);
                TestClient client = server.client()) {
            String collection = client.collectionOfMegabytes();
            Reply whole = client.post(collection + "/get", "{'include':['embeddings']}");
            assertEquals(600, whole.json().get("embeddings").size());
            assertTrue(whole.body().length() > 5_000_000, whole.body().length() + " letters");
            assertEquals(
                    "miss",
                    client.post(collection + "/get", "{'include':['embeddings']}")
                            .header(RecordAnswers.CACHE_HEADER));
            assertEquals(
                    whole.body(),
                    SlowReader.post(server.port(), collection + "/get", "{\"include\":[\"embeddings\"]}"));
        }
    }
}
