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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches do not wait for the disk: while each force takes 20 ms, writes do and searches go on as before. */
class SlowDiskTest {
    private static final Duration FORCE = Duration.ofMillis(20);
    private static final int SEARCHES = 400;
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
            search(system, arrows);
            double fast = tail(search(system, arrows));
            storage.slowForces(FORCE);
            long before = forces();
            double slow = tail(search(system, arrows));
            long waited = forces() - before;
            storage.slowForces(Duration.ZERO);
            System.out.printf(
                    "p99 of %d searches beside writes: with forces of %d ms %.2f of what it is without; %d forces meanwhile%n",
                    SEARCHES, FORCE.toMillis(), slow / fast, waited);
            assertTrue(waited > 0, "nothing was written meanwhile");
            assertTrue(waited < SEARCHES / 2, waited + " forces came to their end before the searches did");
        }
    }

    private long forces() {
        return storage.callCount(call -> call.kind() == Kind.FORCE);
    }

    /** Nanoseconds of each search, with writes under way. */
    private long[] search(CompactorFixture system, CollectionId arrows) throws Exception {
        isOver = false;
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> writes = threads.submit(() -> {
                while (!isOver) {
                    write(system, arrows, BATCH);
                }
            });
            long[] nanos = new long[SEARCHES];
            for (int i = 0; i < SEARCHES; i++) {
                long begin = System.nanoTime();
                system.quiver.one(ExecutorFixture.nearest(arrows, 10, i, i + 1));
                nanos[i] = System.nanoTime() - begin;
            }
            isOver = true;
            writes.get();
            return nanos;
        }
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
