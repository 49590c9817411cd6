package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.ExecutorFixture;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Searches do not wait for the disk: while each force takes 20 ms, writes do and searches go on as before.
 *
 * <p>Compared are searches beside as many writes a second, with forces that take 20 ms and with pauses of 20 ms between
 * them; in turn, so that whatever else the machine does falls on both. The figure is the median of the ratios of such
 * pairs.
 */
class SlowDiskTest {
    private static final Duration FORCE = Duration.ofMillis(20);
    private static final int PAIRS = Integer.getInteger("quiver.pairs", 9);
    private static final int SEARCHES = 4_000;
    private static final int RECORDS = 2_000;
    private static final int BATCH = 20;
    private static final double TAIL = 0.99;

    @TempDir
    Path directory;

    private final Random random = new Random(1);
    private final SimulatedStorage storage = new SimulatedStorage();
    private volatile boolean isOver;

    @Test
    void searchesGoOnWhileWritesWait() throws Exception {
        try (CompactorFixture system = CompactorFixture.open(storage, directory, ExecutorFixture.smallDeltas(500))) {
            CollectionId arrows = system.quiver.create("arrows");
            write(system, arrows, RECORDS);
            searchBesideWrites(system, arrows, FORCE);
            double[] ratios = new double[PAIRS];
            long waited = 0;
            for (int pair = 0; pair < PAIRS; pair++) {
                double fast = tail(searchBesideWrites(system, arrows, FORCE));
                storage.slowForces(FORCE);
                long before = forces();
                double slow = tail(searchBesideWrites(system, arrows, Duration.ZERO));
                waited += forces() - before;
                storage.slowForces(Duration.ZERO);
                ratios[pair] = slow / fast;
            }
            Arrays.sort(ratios);
            System.out.printf(
                    "p99 of %d searches beside writes, %d pairs: with forces of %d ms %.2f of what it is without (%.2f to"
                            + " %.2f); %d forces meanwhile%n",
                    SEARCHES, PAIRS, FORCE.toMillis(), ratios[PAIRS / 2], ratios[0], ratios[PAIRS - 1], waited);
            assertTrue(waited > 0, "nothing was written meanwhile");
            assertTrue(waited < PAIRS * SEARCHES / 2, waited + " forces came to their end before the searches did");
        }
    }

    private long forces() {
        return storage.callCount(call -> call.kind() == Kind.FORCE);
    }

    /** Nanoseconds of each search, with writes under way that have a pause after each. */
    private long[] searchBesideWrites(CompactorFixture system, CollectionId arrows, Duration pause) throws Exception {
        isOver = false;
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> writes = threads.submit(() -> {
                while (!isOver) {
                    write(system, arrows, BATCH);
                    LockSupport.parkNanos(pause.toNanos());
                }
            });
            long[] nanos = search(system, arrows);
            isOver = true;
            writes.get();
            return nanos;
        }
    }

    private static long[] search(CompactorFixture system, CollectionId arrows) {
        long[] nanos = new long[SEARCHES];
        for (int i = 0; i < SEARCHES; i++) {
            long begin = System.nanoTime();
            system.quiver.one(ExecutorFixture.nearest(arrows, 10, i, i + 1));
            nanos[i] = System.nanoTime() - begin;
        }
        return nanos;
    }

    private static double tail(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) (sorted.length * TAIL)];
    }

    private void write(CompactorFixture system, CollectionId arrows, int records) {
        List<Operation> batch = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            batch.add(ExecutorFixture.upsert("r" + random.nextInt(RECORDS), random.nextInt(1_000), i));
        }
        system.quiver.write(arrows, batch);
    }
}
