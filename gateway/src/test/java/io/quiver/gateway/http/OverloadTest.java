package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.admission.AdmissionSettings;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.admission.Rate;
import io.quiver.gateway.http.TestClient.Reply;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void refusesWhoExceedsItsShareAndSaysWhenToComeAgain() {
        try (TestServer server = server(OperationKind.SEARCH, new Rate(0.01, 7));
                TestClient client = server.client()) {
            String collection = client.collectionOfThree();
            assertEquals(
                    200,
                    client.post(collection + "/query", "{'query_embeddings':[[1,0,0],[0,1,0]]}")
                            .status());
            Reply refused = client.post(collection + "/query", "{'query_embeddings':[[0,0,1]]}");
            refused.isProblem(429, "ChromaError", "Rate limit of search exceeded: 0 units per second");
            assertTrue(Integer.parseInt(refused.header("retry-after")) > 100, refused.header("retry-after"));
            assertEquals(200, client.post(collection + "/get", "{}").status());
        }
    }

    /** The six floats of the first question have used up the budget but for one: a kept answer costs no more. */
    @Test
    void chargesLittleForAKeptAnswer() {
        try (TestServer server = server(OperationKind.SEARCH, new Rate(0.01, 7));
                TestClient client = server.client()) {
            String collection = client.collectionOfThree();
            String query = "{'query_embeddings':[[1,0,0],[0,1,0]]}";
            assertEquals(200, client.post(collection + "/query", query).status());
            assertEquals("hit", client.post(collection + "/query", query).header(RecordAnswers.CACHE_HEADER));
            assertEquals(429, client.post(collection + "/query", query).status());
        }
    }

    /** Three floats and two terms of a sparse query each: the third search does not fit. */
    @Test
    void chargesASearchForAllThatItsRankLooksFor() {
        try (TestServer server = server(OperationKind.SEARCH, new Rate(0.01, 12));
                TestClient client = server.client()) {
            String collection = client.collectionOfThree();
            String search = "{'searches':[{'rank':{'$sum':[{'$knn':{'query':[1,0,%s]}},"
                    + "{'$knn':{'query':{'indices':[1,2],'values':[1,1]},'key':'sparse','default':0}}]}}]}";
            for (String number : new String[] {"1", "2"}) {
                Reply reply = client.post(collection + "/search", search.formatted(number));
                assertEquals(200, reply.status(), reply.body());
            }
            assertEquals(
                    429,
                    client.post(collection + "/search", search.formatted("3")).status());
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
