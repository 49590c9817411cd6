package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each force of the disk takes half a second, the catalog's too: writers wait for it, and nobody else does. An event
 * loop that waited once for the disk would hold up everybody for that long.
 */
@SuppressWarnings("try") // closing may be interrupted
@EnabledIf("io.quiver.gateway.server.PreloadedLibrary#hasCompiler")
class SlowForcesTest {
    private static final long FORCE_MS = 500;
    private static final int SLOW = 4;
    private static final int ASKED = 400;
    private static final int WRITERS = 4;

    @TempDir
    Path directory;

    private final AtomicInteger written = new AtomicInteger();
    private volatile boolean isOver;

    @Test
    void onlyWritersWait() throws Exception {
        PreloadedLibrary library = PreloadedLibrary.compile("diskfaults.c", directory);
        Map<String, String> environment = new HashMap<>(library.environment());
        environment.put("FAULTS_DIRECTORY", directory.resolve("data").toString());
        try (ServedProcess server = new ServedProcess(directory, environment);
                ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            OneCollection slow = OneCollection.create(server.http(), "slow");
            slow.add("first", 0);
            library.tell(FORCE_MS, SLOW);
            List<Future<Void>> writers = startWriters(threads, slow);
            List<Double> health = waits(() -> slow.get("/healthz"));
            List<Double> searches = waits(slow::nearest);
            isOver = true;
            library.tell(0, 0);
            for (Future<Void> writer : writers) {
                writer.get();
            }
            System.out.printf(
                    "forces of %d ms, %d writes meanwhile: p99 of health %.1f ms, of searches %.1f ms%n",
                    FORCE_MS, written.get(), at(health, 0.99), at(searches, 0.99));
            assertTrue(at(health, 0.95) < FORCE_MS, "the event loops wait for the disk");
            assertTrue(at(searches, 0.95) < FORCE_MS, "searches wait for the disk");
        }
    }

    /** Of records, and one of collections, which are the catalog's. */
    private List<Future<Void>> startWriters(ExecutorService threads, OneCollection slow) {
        List<Future<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            writers.add(threads.submit(() -> write(slow, writer)));
        }
        return writers;
    }

    private Void write(OneCollection slow, int writer) throws IOException, InterruptedException {
        for (int i = writer; !isOver; i += WRITERS) {
            HttpResponse<String> answer = writer == 0 ? slow.createAnother("slow-" + i) : slow.add("r" + i, i);
            assertEquals(2, answer.statusCode() / 100, answer.body());
            written.incrementAndGet();
        }
        return null;
    }

    /** Milliseconds that each of many answers takes while each writer waits for the disk at least twice, sorted. */
    private List<Double> waits(Callable<HttpResponse<String>> question) throws Exception {
        List<Double> waits = new ArrayList<>();
        int enough = written.get() + 2 * WRITERS;
        while (waits.size() < ASKED || written.get() < enough) {
            long begin = System.nanoTime();
            assertEquals(200, question.call().statusCode());
            waits.add((System.nanoTime() - begin) / 1e6);
        }
        return waits.stream().sorted().toList();
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) (sorted.size() * share));
    }
}
