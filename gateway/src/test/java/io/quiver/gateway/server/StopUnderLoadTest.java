package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    private static final int WRITERS = 8;
    private static final int UNDER_WAY = 8;
    private static final int WRITES_BEFORE = 400;
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();

    @Test
    void whatIsUnderWayIsAnsweredAndNothingIsLost() throws Exception {
        OneCollection busy;
        try (ServedProcess server = new ServedProcess(directory, "drain-timeout=1 min", "http.body-window=2 min")) {
            busy = OneCollection.create(server.http(), "busy");
            List<UnfinishedRequest> underWay = begin(busy);
            List<Thread> writers = start(busy);
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
            Set<String> found = busy.at(server.http()).ids();
            assertTrue(found.containsAll(acknowledged), () -> missing(found) + " are lost");
        }
    }

    /** Returns when all have come to the server. */
    private static List<UnfinishedRequest> begin(OneCollection busy) throws IOException, InterruptedException {
        List<UnfinishedRequest> begun = new ArrayList<>();
        for (int i = 0; i < UNDER_WAY; i++) {
            begun.add(UnfinishedRequest.begin(busy.route("/add"), one("under-way-" + i)));
        }
        String metric = "quiver_inflight %d.0".formatted(UNDER_WAY);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (busy.get("/metrics").body().lines().noneMatch(metric::equals)) {
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

    private List<Thread> start(OneCollection busy) {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String prefix = "w" + i + "-";
            writers.add(Thread.ofPlatform().start(() -> write(busy, prefix)));
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
    private void write(OneCollection busy, String prefix) {
        try {
            for (int i = 0; busy.add(prefix + i, i).statusCode() == 201; i++) {
                acknowledged.add(prefix + i);
            }
        } catch (IOException _) {
            // It came when nobody took requests any more.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String one(String id) {
        return "{\"ids\":[\"%s\"],\"embeddings\":[[1,2,3]]}".formatted(id);
    }

    private List<String> missing(Set<String> found) {
        return acknowledged.stream().filter(id -> !found.contains(id)).toList();
    }
}
