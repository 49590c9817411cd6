package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClientMiddleware;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Traces and slow queries as an operator sees them: headers and messages at every door of a process, and the lines that
 * it logs. Every query counts as slow.
 */
@SuppressWarnings("try") // closing may be interrupted
class TracedRequestsTest {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final String SECRET = "nobody-else-may-read-this";
    private static final long PATIENCE_S = 60;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static ServedProcess server;
    private static String collectionId;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = new ServedProcess(
                directory,
                "logging.slow-query.threshold=0 ms",
                "logging.slow-query.lines-per-minute=12",
                "logging.requests=true");
        collectionId = new JsonObject(post("", "{\"name\":\"traced\"}", null).body()).getString("id");
        post("/" + collectionId + "/add", """
                {"ids":["a","b"],"embeddings":[[1,0],[0,1]],"metadatas":[{"k":"%1$s"},{"k":"x"}],"documents":["%1$s","y"]}""".formatted(SECRET), null);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
        CLIENT.close();
    }

    @Test
    void continuesATraceOverHttpAndLogsTheQueryWithItsPlan() throws Exception {
        HttpResponse<String> reply = post("/" + collectionId + "/query", """
                {"query_embeddings":[[1,0.5],[0,1]],"n_results":1,"ef":77,
                 "where":{"$and":[{"k":"%1$s"},{"n":{"$lt":5}}]},"where_document":{"$contains":"%1$s"}}""".formatted(SECRET), traceparent(1));
        assertContinues(traceId(1), reply.headers().firstValue("traceresponse").orElse(""));
        JsonObject line = line("slow query", traceId(1));
        assertEquals(collectionId, line.getString("collection_id"));
        assertEquals("nearest", line.getString("kind"));
        assertEquals(2, line.getInteger("queries"));
        assertEquals(1, line.getInteger("k"));
        assertEquals("ef 77", line.getString("effort"));
        assertEquals("and(and(k = ?, n < ?), document contains ?)", line.getString("filter"));
        assertEquals(1, line.getLong("offset"));
        assertTrue(line.getDouble("took_ms") > 0);
        JsonObject stages = line.getJsonObject("stages_ms");
        assertTrue(stages.getDouble("parse") > 0 && stages.getDouble("executor") > 0, stages::encode);
        assertTrue(stages.containsKey("queue") && stages.containsKey("search"), stages::encode);
        JsonArray plan = line.getJsonArray("plan");
        assertEquals(0, plan.size(), "no row of the filter, nothing to search: " + plan);
    }

    @Test
    void tellsOfEachSegmentThatWasSearched() throws Exception {
        post("/" + collectionId + "/query", "{\"query_embeddings\":[[1,0.5]],\"n_results\":2}", traceparent(2));
        JsonObject line = line("slow query", traceId(2));
        assertEquals("all", line.getString("filter"));
        assertEquals(2, line.getInteger("hits"));
        JsonObject part = line.getJsonArray("plan").getJsonObject(0);
        assertEquals(2, part.getInteger("rows"));
        assertEquals(2, part.getLong("distances"));
        assertEquals("scan", part.getString("way"));
    }

    @Test
    void beginsATraceWhereThereIsNoneThatCanBeRead() throws Exception {
        for (String wrong : List.of(
                "",
                "x",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")) {
            HttpResponse<String> reply = post("/" + collectionId + "/get", "{\"ids\":[\"a\"]}", wrong);
            assertEquals(200, reply.statusCode(), wrong);
            String response = reply.headers().firstValue("traceresponse").orElse("");
            assertTrue(response.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"), response);
            assertFalse(response.contains("0af7651916cd43dd8448eb211c80319c"), response);
        }
        HttpResponse<String> later = post(
                "/" + collectionId + "/get",
                "{\"ids\":[\"a\"]}",
                "cc" + traceparent(3).substring(2) + "-more");
        assertContinues(traceId(3), later.headers().firstValue("traceresponse").orElse(""));
    }

    @Test
    void namesTheTraceOfARefusalAndOfAPathThatLeadsNowhere() throws Exception {
        HttpResponse<String> refusal = post("/" + collectionId + "/query", "{}", traceparent(4));
        assertEquals(422, refusal.statusCode());
        assertEquals(traceId(4), refusal.headers().firstValue("chroma-trace-id").orElse(""));
        assertContinues(
                traceId(4), refusal.headers().firstValue("traceresponse").orElse(""));
        JsonObject line = line("request", traceId(4));
        assertEquals(422, line.getInteger("status"));
        assertTrue(line.getString("route").endsWith("/query"), line::encode);
        HttpResponse<String> nowhere = post("/" + collectionId + "/nowhere", "{}", traceparent(5));
        assertEquals(404, nowhere.statusCode());
        assertContinues(
                traceId(5), nowhere.headers().firstValue("traceresponse").orElse(""));
    }

    @Test
    void continuesATraceInAMessageOfAWebSocket() throws Exception {
        String query = "{\"type\":\"query\",\"id\":1,\"traceparent\":%s,\"query_embeddings\":[[1,0]],\"n_results\":1}";
        JsonObject traced = overWebSocket(query.formatted('"' + traceparent(6) + '"'));
        assertEquals("result", traced.getString("type"), traced::encode);
        assertContinues(traceId(6), traced.getString("traceresponse"));
        assertEquals("nearest", line("slow query", traceId(6)).getString("kind"));
        for (String ignored : List.of("\"x\"", "17", "null", "{\"a\":[]}")) {
            JsonObject result = overWebSocket(query.formatted(ignored));
            assertEquals("result", result.getString("type"), result::encode);
            assertFalse(result.containsKey("traceresponse"), result::encode);
        }
        JsonObject error =
                overWebSocket("{\"type\":\"query\",\"id\":1,\"traceparent\":\"%s\",\"query_embeddings\":[[1]]}"
                        .formatted(traceparent(7)));
        assertEquals(400, error.getInteger("status"), error::encode);
        assertContinues(traceId(7), error.getString("traceresponse"));
    }

    private static JsonObject overWebSocket(String message) {
        return new JsonObject(OneAnswer.to(message, CLIENT, server.http(), COLLECTIONS + "/" + collectionId));
    }

    @Test
    void continuesATraceOverFlight() throws Exception {
        CompletableFuture<String> answered = new CompletableFuture<>();
        try (RootAllocator allocator = new RootAllocator();
                FlightClient client = FlightClient.builder(allocator, flight())
                        .intercept(_ -> reading(answered))
                        .build()) {
            CallHeaders headers = new FlightCallHeaders();
            headers.insert("traceparent", traceparent(8));
            String body = "{\"collection\":\"traced\",\"where\":{\"k\":\"x\"}}";
            client.doAction(new Action("count", body.getBytes(StandardCharsets.UTF_8)), new HeaderCallOption(headers))
                    .forEachRemaining(_ -> {});
        }
        assertContinues(traceId(8), answered.get(PATIENCE_S, TimeUnit.SECONDS));
        JsonObject line = line("slow query", traceId(8));
        assertEquals("count", line.getString("kind"));
        assertEquals("k = ?", line.getString("filter"));
    }

    /** The first of its kind, which nobody else asks here, is taken at once. */
    @Test
    void metricsNameTracesOfRequestsAtEveryDoor() throws Exception {
        String version = server.http() + "/api/v2/version";
        HttpRequest asked = HttpRequest.newBuilder(URI.create(version))
                .header("traceparent", traceparent(9))
                .build();
        CLIENT.send(asked, BodyHandlers.discarding());
        listActions(traceparent(10));
        overWebSocket("{\"type\":\"query\",\"id\":1,\"query_embeddings\":[[1,0]],\"n_results\":1}");
        String exemplar = "\\d+ # \\{span_id=\"[0-9a-f]{16}\",trace_id=\"%s\"} .*";
        for (String line : List.of(
                "quiver_http_request_seconds_bucket\\{method=\"GET\",route=\"/api/v2/version\",.*} "
                        + exemplar.formatted(traceId(9)),
                "quiver_flight_call_seconds_bucket\\{method=\"ListActions\",status=\"OK\",.*} "
                        + exemplar.formatted(traceId(10)),
                "quiver_stream_query_seconds_bucket\\{status=\"OK\",.*} " + exemplar.formatted("[0-9a-f]{32}"))) {
            awaitMetric(line);
        }
        assertFalse(metrics("*/*").anyMatch(line -> line.contains("trace_id")), "older readers know no exemplars");
    }

    @Test
    void metricsTellHowCallsAndQueriesEnd() throws Exception {
        JsonObject error = overWebSocket("{\"type\":\"query\",\"id\":1,\"query_embeddings\":[[1,2,3]]}");
        assertEquals(400, error.getInteger("status"), error::encode);
        awaitMetric("quiver_stream_query_seconds_count\\{status=\"INVALID_ARGUMENT\"} .*");
        try (RootAllocator allocator = new RootAllocator();
                FlightClient client = FlightClient.builder(allocator, flight()).build()) {
            Action lost = new Action("count", "{\"collection\":\"lost\"}".getBytes(StandardCharsets.UTF_8));
            assertThrows(
                    FlightRuntimeException.class, () -> client.doAction(lost).forEachRemaining(_ -> {}));
        }
        awaitMetric("quiver_flight_call_seconds_count\\{method=\"DoAction\",status=\"NOT_FOUND\"} 1.*");
    }

    private static Location flight() {
        return Location.forGrpcInsecure(
                server.flight().getHost(), server.flight().getPort());
    }

    /** Requests are counted when they have been answered. */
    private static void awaitMetric(String line) throws Exception {
        String openMetrics = "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5";
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (metrics(openMetrics).noneMatch(text -> text.matches(line))) {
            assertTrue(System.nanoTime() - giveUp < 0, () -> "no " + line);
        }
    }

    private static Stream<String> metrics(String accepted) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.http().resolve("/metrics"))
                .header("accept", accepted)
                .build();
        return CLIENT.send(request, BodyHandlers.ofString()).body().lines();
    }

    private static void listActions(String traceparent) throws InterruptedException {
        CallHeaders headers = new FlightCallHeaders();
        headers.insert("traceparent", traceparent);
        try (RootAllocator allocator = new RootAllocator();
                FlightClient client = FlightClient.builder(allocator, flight()).build()) {
            client.listActions(new HeaderCallOption(headers)).forEach(_ -> {});
        }
    }

    private static FlightClientMiddleware reading(CompletableFuture<String> answered) {
        return new FlightClientMiddleware() {
            @Override
            public void onBeforeSendingHeaders(CallHeaders outgoing) {}

            @Override
            public void onHeadersReceived(CallHeaders incoming) {
                answered.complete(String.valueOf(incoming.get("traceresponse")));
            }

            @Override
            public void onCallCompleted(CallStatus status) {}
        };
    }

    /** Runs as one test, for the lines are counted from the start of the server. */
    @Test
    void logsNoMoreThanItMayAndNothingThatACallerSent() throws Exception {
        for (int i = 0; i < 40; i++) {
            String body = "{\"ids\":[\"%s\"],\"where\":{\"k\":\"%s\"}}".formatted(SECRET, SECRET);
            assertEquals(200, post("/" + collectionId + "/get", body, null).statusCode());
        }
        List<JsonObject> slow = server.lines().stream()
                .map(JsonObject::new)
                .filter(line -> line.getString("message").equals("slow query"))
                .toList();
        assertTrue(slow.size() <= 24, "at most two minutes have passed: " + slow.size());
        assertTrue(server.lines().stream().noneMatch(line -> line.contains(SECRET)));
        assertTrue(server.lines().stream().noneMatch(line -> line.contains("\"status\":499")), "nobody went away");
    }

    private static HttpResponse<String> post(String path, String body, @Nullable String traceparent)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.http().resolve(COLLECTIONS + path))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (traceparent != null) {
            request.header("traceparent", traceparent);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static String traceId(int number) {
        return "%032x".formatted(0xabc0 + number);
    }

    private static String traceparent(int number) {
        return "00-" + traceId(number) + "-b7ad6b7169203331-01";
    }

    /** The trace is the caller's, our part of it our own. */
    private static void assertContinues(String traceId, String response) {
        assertTrue(response.matches("00-" + traceId + "-[0-9a-f]{16}-01"), response);
        assertNotEquals("b7ad6b7169203331", response.substring(36, 52));
    }

    /** Waits for the line, which may be written after the answer. */
    private static JsonObject line(String message, String traceId) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (System.nanoTime() - giveUp < 0) {
            for (String text : server.lines()) {
                JsonObject line = new JsonObject(text);
                if (message.equals(line.getString("message")) && traceId.equals(line.getString("trace_id"))) {
                    return line;
                }
            }
            Thread.sleep(10); // the server is another process, and its log tells nobody that it has grown
        }
        throw new AssertionError("no line '%s' of %s in %s".formatted(message, traceId, server.lines()));
    }
}
