package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.flight.client.BulkClient;
import io.quiver.flight.client.BulkLoader;
import io.quiver.flight.client.BulkSearcher;
import io.quiver.gateway.limits.MetricsPage;
import io.quiver.gateway.server.RunningServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What quotas refuse says the same at each door, and is counted once, by the quota. */
class QuotaDoorsTest {
    private static final Map<String, String> QUOTAS = Map.of(
            "quota.collection.records-max", "2",
            "quota.collection.k-max", "5",
            "quota.collection.dimension-max", "3",
            "quota.database.collections-max", "1",
            "catalog.tenants-max", "1");
    private static final String SIX = "{'query_embeddings':[[1,2,3]],'n_results':6}";

    @TempDir
    Path directory;

    private RunningServer server;
    private TestClient http;
    private BulkClient flight;
    private String collection;

    @BeforeEach
    void start() {
        server = RunningServer.start(directory, QUOTAS);
        http = new TestClient(server.http().getPort());
        flight = BulkClient.connect(server.flight());
        JsonNode created =
                http.post(TestClient.D + "/collections", "{'name':'films'}").json();
        collection = TestClient.D + "/collections/" + created.get("id").textValue();
    }

    @AfterEach
    void stop() {
        flight.close();
        http.close();
        server.close();
    }

    private void counted(String quota, int times) {
        String name = "quiver_quota_refused_total{quota=\"%s\"}".formatted(quota);
        assertEquals(times, MetricsPage.metric(server.http(), name), name);
    }

    private static String exceeded(String what, String action, int usage, int limit) {
        return "Quota exceeded: '%s' exceeded quota limit for action '%s': current usage of %d exceeds limit of %d"
                .formatted(what, action, usage, limit);
    }

    /** Loaders wrap what a server says. */
    private static void refusedByFlight(String message, Executable call) {
        Throwable thrown = assertThrows(RuntimeException.class, call);
        var refusal = assertInstanceOf(
                FlightRuntimeException.class, thrown instanceof FlightRuntimeException ? thrown : thrown.getCause());
        assertEquals(FlightStatusCode.INVALID_ARGUMENT, refusal.status().code());
        assertEquals(message, refusal.status().description());
        assertEquals(
                "QUOTA_EXCEEDED",
                Objects.requireNonNull(refusal.status().metadata()).get("quiver-error-code"));
    }

    @Test
    void recordsAndDimensionsAreRefusedOverHttpAndFlight() {
        String three = "{'ids':['a','b','c'],'embeddings':[[1,2,3],[1,2,3],[1,2,3]]}";
        String message = exceeded("Number of records", "Add", 3, 2);
        http.post(collection + "/add", three).isProblem(422, "ChromaError", message);
        counted("records", 1);
        refusedByFlight(message, () -> load(3, 3));
        counted("records", 2);
        String wide = exceeded("Embedding dimension", "Add", 4, 3);
        http.post(collection + "/add", "{'ids':['a'],'embeddings':[[1,2,3,4]]}").isProblem(422, "ChromaError", wide);
        refusedByFlight(wide, () -> load(1, 4));
        counted("dimension", 2);
        counted("records", 2);
    }

    private void load(int rows, int dimension) {
        try (BulkLoader loader = flight.loader("{\"collection\":\"films\"}", dimension)) {
            loader.add(rows, row -> "r" + row, new float[rows * dimension], 0);
        }
    }

    /** Whether it exists already is asked only at the limit, and is no refusal. */
    @Test
    void whatIsTakenAfterAllIsNotCounted() {
        String two = "{'ids':['a','b'],'embeddings':[[1,2,3],[1,2,3]]}";
        assertEquals(201, http.post(collection + "/add", two).status());
        assertEquals(200, http.post(collection + "/upsert", two).status());
        counted("records", 0);
    }

    @Test
    void resultsAreRefusedAtEachDoor() {
        load(1, 3);
        String message = exceeded("Number of results", "Query", 6, 5);
        http.post(collection + "/query", SIX).isProblem(422, "ChromaError", message);
        counted("k", 1);
        try (StreamClient stream = new StreamClient(server.http().getPort(), collection)) {
            stream.send("{'type':'query','id':1," + SIX.substring(1));
            refusedByStream(message, stream.next());
            counted("k", 2);
            stream.send("{'type':'watch','id':2,'query_embeddings':[[1,2,3]],'n_results':6}");
            refusedByStream(message, stream.next());
            counted("k", 3);
        }
        refusedByFlight(message, this::search);
        counted("k", 4);
    }

    private static void refusedByStream(String message, JsonNode answer) {
        assertEquals("error", answer.path("type").textValue(), answer::toString);
        assertEquals(422, answer.path("status").intValue());
        assertEquals("ChromaError", answer.path("error").textValue());
        assertEquals(message, answer.path("message").textValue());
    }

    private void search() {
        try (BulkSearcher searcher = flight.searcher("{\"collection\":\"films\",\"k\":6}", 3)) {
            searcher.search(new float[] {1, 2, 3}, 0, 1);
        }
    }

    @Test
    void collectionsAreRefusedOverHttpAndFlightAndTenantsByTheCatalog() {
        String message = exceeded("Number of collections", "Create collection", 2, 1);
        http.post(TestClient.D + "/collections", "{'name':'books'}").isProblem(422, "ChromaError", message);
        http.post(collection + "/fork", "{'new_name':'books'}").isProblem(422, "ChromaError", message);
        refusedByFlight(message, () -> flight.act("create_collection", "{\"name\":\"books\"}"));
        counted("collections", 3);
        http.post("/api/v2/tenants", "{'name':'acme'}")
                .isProblem(422, "ChromaError", exceeded("Limit value", "Create tenant", 2, 1));
        counted("tenants", 1);
        counted("databases", 0);
    }
}
