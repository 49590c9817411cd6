package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.flight.TraceContext;
import io.quiver.gateway.server.configuration.NetworkConfiguration;
import io.quiver.gateway.server.configuration.ServerConfiguration;
import io.quiver.log.record.CollectionId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpDoorTest {
    private static final NetworkConfiguration FREE_PORT = ServerConfiguration.read(
                    null, Map.of(), Map.of("http-port", "0", "flight-port", "0", "http.event-loops", "2"))
            .network();

    private final CollectionId damaged = CollectionId.random();
    private final Readiness readiness = new Readiness(
            () -> Map.of(damaged, "checksum differs"),
            () -> null,
            () -> List.of("a file was made again"),
            () -> List.of("a file is damaged"));
    private final ServerMeters meters = new ServerMeters();
    private final Vertx vertx =
            GatewayVertx.create(FREE_PORT.eventLoops(), FREE_PORT.http().connections(), meters.registry());
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpDoor door = open();

    private HttpDoor open() {
        var pages = new OperatorPages(readiness, meters.registry(), true).byPath();
        return HttpDoor.open(
                        vertx,
                        FREE_PORT,
                        1 << 20,
                        null,
                        request -> pages.getOrDefault(request.path(), HttpDoorTest::echoVersion)
                                .handle(request))
                .await();
    }

    private static void echoVersion(HttpServerRequest request) {
        request.response().end("api over " + request.version());
    }

    @BeforeEach
    void becomesReady() {
        readiness.enter(Readiness.State.READY);
    }

    @AfterEach
    void close() {
        client.close();
        door.close().await();
        vertx.close().await();
        meters.close();
    }

    @Test
    void takesAFreePortThatAllEventLoopsShare() throws Exception {
        assertNotEquals(0, door.port());
        for (int i = 0; i < 8; i++) {
            try (HttpClient other = HttpClient.newHttpClient()) {
                assertEquals(
                        200,
                        other.send(request("/healthz"), HttpResponse.BodyHandlers.discarding())
                                .statusCode());
            }
        }
    }

    @Test
    void isLiveAlsoWhenNotReady() throws Exception {
        readiness.enter(Readiness.State.DRAINING);
        assertEquals(200, get("/healthz").statusCode());
        HttpResponse<String> ready = get("/readyz");
        assertEquals(503, ready.statusCode());
        assertEquals("the server is about to end", new JsonObject(ready.body()).getString("reason"));
    }

    @Test
    void isReadyWithADamagedCollectionAndNamesIt() throws Exception {
        HttpResponse<String> ready = get("/readyz");
        assertEquals(200, ready.statusCode());
        JsonObject first =
                new JsonObject(ready.body()).getJsonArray("damaged_collections").getJsonObject(0);
        assertEquals(damaged.toString(), first.getString("collection_id"));
        assertEquals("checksum differs", first.getString("reason"));
        assertEquals(
                List.of("a file was made again"),
                new JsonObject(ready.body()).getJsonArray("catalog_mended").getList());
        assertEquals(
                List.of("a file is damaged"),
                new JsonObject(ready.body()).getJsonArray("catalog_damaged").getList());
    }

    @Test
    void countsRequestsInVertxAndInOurOwnMeters() throws Exception {
        RequestMeters requests = new RequestMeters(meters);
        requests.ended("GET", "/api/v2/version", 200, Duration.ofMillis(1), TraceContext.begun());
        requests.ended("MADEUP", "unknown", 405, Duration.ofMillis(1), TraceContext.begun());
        get("/healthz");
        String text = get("/metrics").body();
        assertTrue(text.contains("vertx_http_server_requests_total{"), text);
        assertTrue(
                text.contains(
                        "quiver_http_request_seconds_count{method=\"GET\",route=\"/api/v2/version\",status=\"2xx\"} 1"),
                text);
        assertTrue(
                text.contains("quiver_http_request_seconds_count{method=\"other\",route=\"unknown\",status=\"4xx\"} 1"),
                text);
        assertTrue(text.contains("jvm_memory_used_bytes{"), text);
    }

    @Test
    void speaksHttp1AndHttp2ByUpgradeAndByPriorKnowledge() throws Exception {
        HttpRequest plain = HttpRequest.newBuilder(uri("/x"))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        assertEquals(
                "api over HTTP_1_1",
                client.send(plain, HttpResponse.BodyHandlers.ofString()).body());
        assertEquals("api over HTTP_2", withVertx(true));
        assertEquals("api over HTTP_2", withVertx(false));
    }

    private String withVertx(boolean byUpgrade) {
        var options =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(byUpgrade);
        var caller = vertx.createHttpClient(options);
        try {
            return caller.request(HttpMethod.GET, door.port(), "127.0.0.1", "/x")
                    .compose(request -> request.send().compose(HttpClientResponse::body))
                    .await()
                    .toString();
        } finally {
            caller.close().await();
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(uri(path)).build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + door.port() + path);
    }
}
