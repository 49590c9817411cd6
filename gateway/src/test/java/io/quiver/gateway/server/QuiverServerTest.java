package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.server.configuration.ServerConfiguration;
import io.quiver.log.catalog.SqliteCatalog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts together, in this process. */
class QuiverServerTest {
    private static final String RECORD_COUNT = "quiver_record_count %.1f".formatted((double) TrainingVisit.RECORDS);

    /** What dashboards and alerts are made of: a name that vanishes breaks them silently. */
    private static final List<String> NAMES = List.of(
            "quiver_admission_total{decision=\"granted\",reason=\"none\"}",
            "quiver_cache_bytes",
            "quiver_cache_requests_total{result=\"miss\"}",
            "quiver_collection_count 1.0",
            "quiver_compaction_folds_total",
            "quiver_compaction_lag_bytes",
            "quiver_graph_built_total",
            "quiver_graph_recall_refused_total",
            "quiver_graph_waiting_count",
            "quiver_merge_waiting_count",
            "quiver_damaged_collection_count 0.0",
            "quiver_scrub_bytes_total",
            "quiver_scrub_damaged_total 0.0",
            "quiver_scrub_damaged_log_total 0.0",
            "quiver_scrub_rounds_total",
            "quiver_delta_rows " + TrainingVisit.RECORDS,
            "quiver_http_request_seconds_count{method=\"POST\",route=\"",
            "quiver_inflight",
            "quiver_log_fsync_seconds_bucket{le=\"",
            "quiver_log_offset 1.0",
            "quiver_offheap_bytes{owner=\"delta\"}",
            "quiver_offheap_bytes{owner=\"flight\"}",
            RECORD_COUNT,
            "quiver_executor_request_seconds_count",
            "quiver_search_seconds_count{stage=\"encode\"} 1",
            "quiver_search_plans_total{plan=\"scan\"}",
            "quiver_recall_estimate",
            "quiver_recall_expected 1.0",
            "quiver_recall_samples_total",
            "quiver_segment_count",
            "quiver_write_ack_seconds_count 1",
            "vertx_http_server_requests_total{",
            "jvm_memory_used_bytes{",
            "jvm_gc_pause_seconds",
            "process_cpu_usage");

    @TempDir
    Path directory;

    @Test
    void keepsWhatItWasToldAndShowsItsFigures() throws Exception {
        QuiverServer first = start();
        TrainingVisit.to(first.http());
        String metrics = metricsAfterACollection(first);
        NAMES.forEach(
                name -> assertTrue(metrics.lines().anyMatch(line -> line.startsWith(name)), name + " in " + metrics));
        assertTrue(metrics.lines().noneMatch(line -> line.startsWith("quiver_") && line.endsWith(" NaN")), metrics);
        assertTrue(first.stop());
        QuiverServer second = start();
        assertTrue(get(second.http().resolve("/metrics")).lines().anyMatch(RECORD_COUNT::equals));
        assertTrue(second.stop());
    }

    /** The virtual machine tells of a collection a little after it has ended. */
    private static String metricsAfterACollection(QuiverServer server) throws Exception {
        System.gc();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        String metrics = get(server.http().resolve("/metrics"));
        while (!metrics.contains("jvm_gc_pause_seconds") && System.nanoTime() < end) {
            metrics = get(server.http().resolve("/metrics"));
        }
        return metrics;
    }

    @Test
    void aDamagedCatalogIsMendedAndTold() throws Exception {
        QuiverServer first = start();
        TrainingVisit.to(first.http());
        assertTrue(first.stop());
        Path catalog = directory.resolve("catalog.db");
        Files.write(catalog, Arrays.copyOf(Files.readAllBytes(catalog), 4096));
        QuiverServer second = start();
        assertTrue(get(second.http().resolve("/readyz")).contains("the file was made again from catalog-copy.db"));
        String metrics = get(second.http().resolve("/metrics"));
        assertTrue(metrics.lines().anyMatch(RECORD_COUNT::equals), metrics);
        assertTrue(metrics.lines().anyMatch("quiver_catalog_mended_files 1.0"::equals), metrics);
        assertTrue(metrics.lines().anyMatch("quiver_catalog_files 2.0"::equals), metrics);
        assertTrue(second.stop());
    }

    @Test
    void aCatalogThatIsDamagedWhileTheServerRunsIsMendedAndTold() throws Exception {
        QuiverServer first = start();
        TrainingVisit.to(first.http());
        assertTrue(first.stop());
        QuiverServer server = start(Map.of("scrub.every", "20 ms", "scrub.bytes-per-second", "1 GiB"));
        Path catalog = directory.resolve("catalog.db");
        byte[] bytes = Files.readAllBytes(catalog);
        Arrays.fill(bytes, 4096, bytes.length, (byte) 0);
        Files.write(catalog, bytes);
        String ready = get(server.http().resolve("/readyz"));
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!ready.contains("made again from memory") && System.nanoTime() < end) {
            ready = get(server.http().resolve("/readyz"));
        }
        assertTrue(ready.contains("made again from memory"), ready);
        String metrics = get(server.http().resolve("/metrics"));
        assertTrue(metrics.lines().anyMatch(RECORD_COUNT::equals), metrics);
        assertTrue(metrics.lines().anyMatch("quiver_catalog_damaged_files 0.0"::equals), metrics);
        String collections = "/api/v2/tenants/default_tenant/databases/default_database/collections";
        assertTrue(get(server.http().resolve(collections)).contains("\"training\""));
        assertTrue(server.stop());
        assertEquals(List.of(), SqliteCatalog.check(directory).problems());
    }

    @Test
    void doesNotBeginAnewWhereTheCatalogIsMissing() throws Exception {
        QuiverServer first = start();
        TrainingVisit.to(first.http());
        assertTrue(first.stop());
        Files.delete(directory.resolve("catalog.db"));
        Files.delete(directory.resolve("catalog-copy.db"));
        StartException refusal = assertThrows(StartException.class, this::start);
        assertTrue(String.valueOf(refusal.getMessage()).contains("no catalog"), refusal.getMessage());
        assertFalse(Files.exists(directory.resolve("catalog.db")));
    }

    private QuiverServer start() {
        return start(Map.of());
    }

    private QuiverServer start(Map<String, String> more) {
        Map<String, String> flags =
                new HashMap<>(Map.of("data-dir", directory.toString(), "http-port", "0", "flight-port", "0"));
        flags.putAll(more);
        return QuiverServer.start(ServerConfiguration.read(null, Map.of(), flags));
    }

    private static String get(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            return response.body();
        }
    }
}
