package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of a server as those who run it see them: over HTTP, in the metrics, and on the command line. */
@SuppressWarnings("try") // closing may be interrupted
class SnapshotsTest {
    private static final String SNAPSHOTS = "/api/v2/admin/snapshots";
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void flightTakesThemToo() throws Exception {
        try (RunningServer server = start();
                BufferAllocator allocator = new RootAllocator();
                FlightClient flight = FlightClient.builder(allocator, new Location(server.flight()))
                        .build()) {
            write(server.http());
            Action full = new Action("snapshot", "{\"kind\":\"full\"}".getBytes(StandardCharsets.UTF_8));
            JsonNode taken =
                    new JsonMapper().readTree(flight.doAction(full).next().getBody());
            assertEquals(1, taken.get("offset").longValue());
            assertEquals(1, taken.get("collections").intValue());
            assertTrue(json(200, send("GET", server.http().resolve(SNAPSHOTS), ""))
                    .findValuesAsText("id")
                    .contains(taken.get("id").textValue()));
            Action other = new Action("snapshot", "{\"kind\":\"half\"}".getBytes(StandardCharsets.UTF_8));
            var refusal = assertThrows(
                    FlightRuntimeException.class, () -> flight.doAction(other).next());
            assertEquals(FlightStatusCode.INVALID_ARGUMENT, refusal.status().code());
        }
    }

    @Test
    void whatIsBackedUpIsListedDrilledRestoredAndDeleted() throws Exception {
        String id;
        try (RunningServer server = start()) {
            write(server.http());
            JsonNode taken = json(201, send("POST", server.http().resolve(SNAPSHOTS + "?kind=full"), ""));
            id = taken.get("id").textValue();
            assertEquals("full", taken.get("kind").textValue());
            assertEquals(1, taken.get("offset").longValue());
            assertEquals(1, taken.get("collections").intValue());
            assertTrue(json(200, send("GET", server.http().resolve(SNAPSHOTS), ""))
                    .findValuesAsText("id")
                    .contains(id));
            String metrics = send("GET", server.http().resolve("/metrics"), "").body();
            for (String name : new String[] {
                "quiver_backup_success_total",
                "quiver_backup_failures_total 0.0",
                "quiver_backup_count",
                "quiver_backup_age_seconds",
                "quiver_backup_duration_seconds",
                "quiver_backup_copied_bytes",
                "quiver_backup_size_bytes"
            }) {
                assertTrue(metrics.lines().anyMatch(line -> line.startsWith(name)), name);
            }
        }
        assertEquals(0, run("drill", backup(id), "--scratch", directory.toString()));
        assertEquals(0, run("restore", backup(id), directory.resolve("restored").toString()));
        assertEquals(0, run("check", directory.resolve("restored").toString()));
        assertEquals(1, run("restore", backup(id), directory.resolve("restored").toString()));
        try (RunningServer server = start()) {
            assertEquals(
                    200,
                    send("DELETE", server.http().resolve(SNAPSHOTS + "/" + id), "")
                            .statusCode());
            assertEquals(
                    404,
                    send("DELETE", server.http().resolve(SNAPSHOTS + "/" + id), "")
                            .statusCode());
        }
        assertEquals(1, run("restore", backup(id), directory.resolve("gone").toString()));
    }

    /** A name with slashes or dots in it is no id, and reaches no file. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "%2e%2e",
                "..%2f..%2fdata%2fcatalog.db",
                "%2fetc%2fpasswd",
                "..%5c..",
                "20261121-151836-1a2b3c4d%00",
                "x"
            })
    void noOtherFileCanBeDeleted(String name) throws Exception {
        try (RunningServer server = start()) {
            json(201, send("POST", server.http().resolve(SNAPSHOTS + "?kind=full"), ""));
            long before = files();
            int status = send("DELETE", URI.create(server.http() + SNAPSHOTS + "/" + name), "")
                    .statusCode();
            assertTrue(status == 404 || status == 400, name + ": " + status);
            assertEquals(before, files());
        }
    }

    @Test
    void aServerWithoutAPlaceForBackupsSaysSo() throws Exception {
        try (RunningServer server = RunningServer.start(directory.resolve("data"), Map.of())) {
            HttpResponse<String> refusal = send("POST", server.http().resolve(SNAPSHOTS), "");
            assertTrue(refusal.body().contains("backup.directory"), refusal.body());
            assertFalse(refusal.statusCode() < 400, refusal.body());
        }
    }

    private RunningServer start() {
        return RunningServer.start(
                directory.resolve("data"),
                Map.of("backup.directory", directory.resolve("backups").toString()));
    }

    private String backup(String id) {
        return directory.resolve("backups").resolve(id).toString();
    }

    private static int run(String... arguments) {
        return Main.commandLine().execute(arguments);
    }

    private void write(URI server) throws Exception {
        JsonNode created = json(200, send("POST", server.resolve(COLLECTIONS), "{\"name\":\"arrows\"}"));
        URI add = server.resolve(COLLECTIONS + "/" + created.get("id").textValue() + "/add");
        json(201, send("POST", add, "{\"ids\":[\"a\",\"b\"],\"embeddings\":[[1,2],[3,4]]}"));
    }

    private static JsonNode json(int status, HttpResponse<String> response) throws IOException {
        assertEquals(status, response.statusCode(), response.body());
        return new JsonMapper().readTree(response.body());
    }

    private HttpResponse<String> send(String method, URI uri, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** No backup is due after a full one, so that nothing but the caller could change their number. */
    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("backups").resolve("manifests"))) {
            return all.count() + (Files.exists(directory.resolve("data/catalog.db")) ? 1 : 0);
        }
    }
}
