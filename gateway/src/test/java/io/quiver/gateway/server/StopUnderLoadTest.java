package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM in the middle of writes: requests that had come are answered, what was acknowledged is there after the
 * next start, and the process ends as it should.
 */
@SuppressWarnings("try") // closing may be interrupted
class StopUnderLoadTest {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final int WRITERS = 8;
    private static final int UNDER_WAY = 8;
    private static final int WRITES_BEFORE = 400;
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();

    @Test
    void whatIsUnderWayIsAnsweredAndNothingIsLost() throws Exception {
        String path;
        try (ServedProcess server = new ServedProcess(directory, "drain-timeout=1 min")) {
            String created = post(server.http().resolve(COLLECTIONS), "{\"name\":\"busy\"}")
                    .body();
            path = COLLECTIONS + "/" + new JsonObject(created).getString("id");
            List<UnfinishedRequest> underWay = begin(server.http(), path + "/add");
            List<Thread> writers = start(server.http().resolve(path + "/add"));
            awaitWrites(writers);
            server.process().toHandle().destroy();
            for (Thread writer : writers) {
                writer.join();
            }
            finish(underWay);
            assertTrue(server.process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertEquals(0, server.process().exitValue());
        }
        System.out.printf(
                "SIGTERM under %d writers: %d writes acknowledged, 0 lost; %d under way, all answered%n",
                WRITERS, acknowledged.size(), UNDER_WAY);
        try (ServedProcess server = new ServedProcess(directory)) {
            Set<String> found = ids(server.http().resolve(path + "/get"));
            assertTrue(found.containsAll(acknowledged), () -> missing(found) + " are lost");
        }
    }

    /** Returns when all have come to the server. */
    private List<UnfinishedRequest> begin(URI base, String path) throws IOException, InterruptedException {
        List<UnfinishedRequest> begun = new ArrayList<>();
        for (int i = 0; i < UNDER_WAY; i++) {
            begun.add(UnfinishedRequest.begin(base.resolve(path), one("under-way-" + i)));
        }
        String metric = "quiver_inflight %d.0".formatted(UNDER_WAY);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (metrics(base).lines().noneMatch(metric::equals)) {
            assertTrue(System.nanoTime() - giveUp < 0, "no metric " + metric);
        }
        return begun;
    }

    private void finish(List<UnfinishedRequest> underWay) throws IOException {
        for (int i = 0; i < underWay.size(); i++) {
            try (UnfinishedRequest request = underWay.get(i)) {
                String answer = request.finish();
                assertTrue(answer.startsWith("HTTP/1.1 201"), answer);
                acknowledged.add("under-way-" + i);
            }
        }
    }

    private List<Thread> start(URI add) {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String prefix = "w" + i + "-";
            writers.add(Thread.ofPlatform().start(() -> write(add, prefix)));
        }
        return writers;
    }

    private void awaitWrites(List<Thread> writers) {
        while (acknowledged.size() < WRITES_BEFORE) {
            assertTrue(writers.stream().anyMatch(Thread::isAlive), "the writers ended before they were told to");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Until an answer is no longer that it was written, or there is none. */
    private void write(URI add, String prefix) {
        try {
            for (int i = 0; isWritten(add, prefix + i); i++) {
                acknowledged.add(prefix + i);
            }
        } catch (IOException _) {
            // It came when nobody took requests any more.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isWritten(URI add, String id) throws IOException, InterruptedException {
        return post(add, one(id)).statusCode() == 201;
    }

    private static String one(String id) {
        return "{\"ids\":[\"%s\"],\"embeddings\":[[1,2,3]]}".formatted(id);
    }

    private String metrics(URI base) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(base.resolve("/metrics")).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private Set<String> ids(URI get) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(get, "{\"include\":[]}");
        assertEquals(200, answer.statusCode(), answer.body());
        Set<String> ids = new TreeSet<>();
        new JsonObject(answer.body()).getJsonArray("ids").forEach(id -> ids.add((String) id));
        return ids;
    }

    private List<String> missing(Set<String> found) {
        return acknowledged.stream().filter(id -> !found.contains(id)).toList();
    }

    private HttpResponse<String> post(URI uri, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
