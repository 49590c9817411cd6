package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deleting everything and adding it again, fifty times, leaves what one load leaves: on the disk and in memory.
 * {@code -Dquiver.rows=} and {@code -Dquiver.rounds=} make it longer.
 */
@SuppressWarnings("try") // closing may be interrupted
class AddedAgainTest {
    private static final int ROWS = Integer.getInteger("quiver.rows", 1_500);
    private static final int ROUNDS = Integer.getInteger("quiver.rounds", 50);
    private static final int DIMENSION = 32;
    private static final int BATCH = 500;
    private static final String[] SETTINGS = {
        "history.age-max=0 s", "compaction.age-max=1 s", "compaction.rest-before-merge=1 s", "graph.rows-min=1000"
    };
    private static final int REST_LOOKS = 8;
    private static final long PATIENCE_SECONDS = 600;

    @TempDir
    Path directory;

    @Test
    void leavesWhatOneLoadLeaves() throws Exception {
        Weight once = afterRounds(1, Files.createDirectory(directory.resolve("once")));
        Weight often = afterRounds(ROUNDS, Files.createDirectory(directory.resolve("often")));
        System.out.printf("%,d rows added once: %s%nadded %d times: %s%n", ROWS, once, ROUNDS, often);
        assertTrue(often.segmentBytes() <= 1.5 * once.segmentBytes(), "segments");
        assertTrue(often.diskBytes() <= 1.5 * once.diskBytes(), "disk");
        assertTrue(often.offHeapBytes() <= 1.1 * once.offHeapBytes(), "memory outside the heap");
    }

    private static Weight afterRounds(int rounds, Path home) throws IOException, InterruptedException {
        try (ServedProcess server = new ServedProcess(home, SETTINGS)) {
            OneCollection collection = OneCollection.create(server.http(), "again");
            add(collection, 0);
            for (int round = 1; round < rounds; round++) {
                inBatches(collection, "/delete", 200, AddedAgainTest::ids);
                assertEquals("0", count(collection));
                add(collection, round);
            }
            awaitRest(collection);
            assertEquals(Integer.toString(ROWS), count(collection));
            return weigh(collection, home.resolve("data"));
        }
    }

    private static void add(OneCollection collection, int round) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(round);
        inBatches(collection, "/add", 201, from -> ids(from) + ",\"embeddings\":" + embeddings(random, size(from)));
    }

    private static void inBatches(OneCollection collection, String route, int status, IntFunction<String> body)
            throws IOException, InterruptedException {
        for (int from = 0; from < ROWS; from += BATCH) {
            var answer = collection.post(route, "{" + body.apply(from) + "}");
            assertEquals(status, answer.statusCode(), answer.body());
        }
    }

    private static int size(int from) {
        return Math.min(BATCH, ROWS - from);
    }

    private static String ids(int from) {
        return IntStream.range(from, from + size(from))
                .mapToObj(id -> "\"id-" + id + "\"")
                .collect(Collectors.joining(",", "\"ids\":[", "]"));
    }

    private static String embeddings(SplittableRandom random, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> random.doubles(DIMENSION)
                        .mapToObj(value -> Float.toString((float) value))
                        .collect(Collectors.joining(",", "[", "]")))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String count(OneCollection collection) throws IOException, InterruptedException {
        return collection.get(collection.route("/count").getPath()).body();
    }

    /** Until nothing has been left to fold, to merge or to build for two seconds, with one segment. */
    private static void awaitRest(OneCollection collection) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int looks = 0; looks < REST_LOOKS; looks = isAtRest(collection) ? looks + 1 : 0) {
            assertTrue(System.nanoTime() - giveUp < 0, "it does not come to rest");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
        }
    }

    private static boolean isAtRest(OneCollection collection) throws IOException, InterruptedException {
        String metrics = collection.get("/metrics").body();
        return sum(metrics, "quiver_compaction_lag_bytes") == 0
                && sum(metrics, "quiver_graph_waiting_count") == 0
                && sum(metrics, "quiver_segment_count") == 1;
    }

    private static double sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> !line.contains("owner=\"flight\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static Weight weigh(OneCollection collection, Path data) throws IOException, InterruptedException {
        double offHeap = sum(collection.get("/metrics").body(), "quiver_offheap_bytes");
        return new Weight(bytes(data), bytes(data.resolve("segments")), (long) offHeap);
    }

    private static long bytes(Path folder) throws IOException {
        List<Long> sizes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sizes.add(Files.size(file));
            }
        }
        return sizes.stream().mapToLong(size -> size).sum();
    }

    private record Weight(long diskBytes, long segmentBytes, long offHeapBytes) {
        @Override
        public String toString() {
            return "%,d bytes on disk, %,d of them segments, %,d in memory outside the heap"
                    .formatted(diskBytes, segmentBytes, offHeapBytes);
        }
    }
}
