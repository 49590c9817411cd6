package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.flight.client.BulkClient;
import io.quiver.flight.client.BulkLoader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes over Flight is written within the same bounds as what comes over HTTP. */
class UploadsPayTest {
    private static final int DIMENSION = 64;
    private static final int ROWS = 1_000;

    @TempDir
    Path directory;

    @Test
    void anUploadUsesUpWhatItsTenantMayWriteOverHttp() throws Exception {
        Map<String, String> rates =
                Map.of("admission.write.units-per-second", "1000", "admission.write.burst", "100000");
        try (RunningServer server = RunningServer.start(directory, rates);
                BulkClient flight = BulkClient.connect(server.flight());
                HttpClient http = HttpClient.newHttpClient()) {
            URI collections =
                    server.http().resolve("/api/v2/tenants/default_tenant/databases/default_database/collections");
            flight.act("create_collection", "{\"name\":\"arrows\"}");
            assertEquals(201, add(http, collections, "before"));
            try (BulkLoader loader = flight.loader("{\"collection\":\"arrows\"}", DIMENSION)) {
                loader.add(ROWS, row -> "r" + row, new float[ROWS * DIMENSION], 0);
            }
            assertEquals(429, add(http, collections, "after"));
            String metrics = get(http, server.http().resolve("/metrics"));
            assertTrue(metrics.contains("quiver_lane_inflight{lane=\"load\"} 0.0"), metrics);
        }
    }

    private static int add(HttpClient http, URI collections, String id) throws Exception {
        String body = "{\"ids\":[\"%s\"],\"embeddings\":[%s]}".formatted(id, "[" + "1,".repeat(DIMENSION - 1) + "1]");
        URI uri = URI.create(collections + "/" + collectionId(http, collections) + "/add");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static String collectionId(HttpClient http, URI collections) throws Exception {
        String found = get(http, URI.create(collections + "/arrows"));
        return found.replaceFirst(".*\"id\":\"([^\"]+)\".*", "$1");
    }

    private static String get(HttpClient http, URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
