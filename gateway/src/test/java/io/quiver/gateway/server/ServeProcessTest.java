package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code quiver serve} as its users have it: a process, seen through its output, its ports and its exit code. */
class ServeProcessTest {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable ServedProcess server;

    @AfterEach
    void end() throws InterruptedException {
        client.close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void finishesWhatIsUnderWayRefusesWhatIsNewAndExitsWithZero() throws Exception {
        server = new ServedProcess(directory, "drain-timeout=1 min");
        Process process = server.process();
        URI base = server.http();
        assertEquals(200, get(base.resolve("/readyz")).statusCode());
        String body = "{\"name\":\"under way\"}".replace(' ', '-');
        try (UnfinishedRequest underWay = UnfinishedRequest.begin(base.resolve(COLLECTIONS), body)) {
            awaitMetric(base, "quiver_inflight 1.0");
            process.toHandle().destroy();
            awaitStatus(base.resolve("/readyz"), 503);
            HttpResponse<String> refused = get(base.resolve(COLLECTIONS));
            assertEquals(503, refused.statusCode());
            assertEquals("1", refused.headers().firstValue("retry-after").orElse("none"));
            assertEquals("The server is about to end", new JsonObject(refused.body()).getString("message"));
            assertTrue(underWay.finish().startsWith("HTTP/1.1 200"));
        }
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        assertNull(process.inputReader().readLine(), "standard output holds one line");
        assertAreJson(server.lines());
        assertEquals(
                0, Main.commandLine().execute("check", directory.resolve("data").toString()));
    }

    @Test
    void keepsItsDataDirectoryToItself() throws Exception {
        server = new ServedProcess(directory);
        assertEquals(
                1,
                Main.commandLine()
                        .execute(
                                "serve",
                                "--data-dir",
                                directory.resolve("data").toString(),
                                "--http-port",
                                "0",
                                "--flight-port",
                                "0"));
    }

    private void awaitStatus(URI uri, int status) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (get(uri).statusCode() != status) {
            assertTrue(System.nanoTime() - giveUp < 0, uri + " does not answer " + status);
            Thread.sleep(10); // another process: nothing tells when it has got there
        }
    }

    private void awaitMetric(URI base, String line) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (get(base.resolve("/metrics")).body().lines().noneMatch(line::equals)) {
            assertTrue(System.nanoTime() - giveUp < 0, "no metric " + line);
            Thread.sleep(10); // another process: nothing tells when it has got there
        }
    }

    private static void assertAreJson(List<String> lines) {
        assertTrue(
                lines.stream()
                        .anyMatch(line ->
                                new JsonObject(line).getString("message").equals("Ended")),
                lines.toString());
        lines.forEach(line -> assertTrue(new JsonObject(line).containsKey("level"), line));
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
