package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.add;
import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.upsert;
import static io.quiver.executor.ExecutorFixture.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.Eventually;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.HistoryWindow;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long earlier states are kept, and that what keeps them lets go of everything. */
class TimeTravelTest {
    private static final HistoryWindow WIDE = new HistoryWindow(Duration.ofHours(1), 1 << 30);
    private static final int READERS = 3;
    private static final int WRITES = 120;

    @TempDir
    Path directory;

    @Test
    void aStateOutlivesItsCompactionAsLongAsTheWindowSays() throws IOException {
        try (CompactorFixture system = open(WIDE)) {
            CollectionId arrows = system.quiver.create("arrows");
            LogOffset before = system.quiver.write(arrows, add("a", 1, 1), add("b", 2, 2));
            system.quiver.write(arrows, delete("a"), upsert("c", 3, 3));
            system.compact(arrows);
            assertEquals(List.of("b", "c"), system.quiver.ids(arrows));
            assertEquals(List.of("a", "b"), ids(system, arrows, before));
            assertEquals(List.of(), ids(system, arrows, LogOffset.NONE));
        }
    }

    @Test
    void whatIsTooOldOrTooMuchIsGivenBack() throws IOException {
        for (HistoryWindow narrow : List.of(
                HistoryWindow.NONE,
                new HistoryWindow(Duration.ofHours(1), 1),
                new HistoryWindow(Duration.ofMillis(20), 1 << 30))) {
            try (CompactorFixture system = open(narrow)) {
                CollectionId arrows = system.quiver.create("arrows-%d-%d"
                        .formatted(narrow.bytesMax(), narrow.ageMax().toMillis()));
                LogOffset before = system.quiver.write(arrows, add("a", 1, 1));
                LogOffset after = system.quiver.write(arrows, delete("a"), add("b", 1, 1));
                system.compact(arrows);
                awaitNoDelta(system);
                var refusal = assertThrows(QuiverException.class, () -> ids(system, arrows, before));
                assertEquals(ErrorCode.FAILED_PRECONDITION, refusal.code());
                assertEquals(
                        "offset %s of collection [%s] is no longer kept: offsets from %s on can be read"
                                .formatted(before, arrows, after),
                        refusal.getMessage());
                assertEquals(List.of("b"), ids(system, arrows, after));
            }
        }
    }

    @Test
    void aDroppedCollectionLeavesNothing() throws IOException {
        try (CompactorFixture system = open(WIDE)) {
            CollectionId arrows = system.quiver.create("arrows");
            for (int i = 0; i < 5; i++) {
                system.quiver.write(arrows, upsert("a", i, 1), add("b" + i, 1, 1));
                system.compact(arrows);
            }
            assertTrue(system.quiver.budget.bytes(Owner.DELTA) > 0, "nothing was kept");
            system.quiver.drop(arrows);
            awaitNoDelta(system);
            Eventually.await(
                    () -> system.quiver.files("segments").isEmpty(),
                    () -> "the segments of earlier states are still there");
            assertEquals(0, system.quiver.budget.bytes(Owner.SEALED));
        }
    }

    /**
     * Record {@code n} is written by entry {@code n}: a state at {@code n} has exactly so many, whatever compaction
     * does meanwhile.
     */
    @Test
    void readersOfThePastNeverMissAStateThatMoves() throws Exception {
        try (CompactorFixture system = open(WIDE);
                ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            CollectionId arrows = system.quiver.create("arrows");
            AtomicLong written = new AtomicLong();
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(() -> read(system, arrows, written)));
            }
            for (int i = 1; i <= WRITES; i++) {
                written.set(system.quiver.write(arrows, add("r" + i, i, i)).value());
                if (i % 5 == 0) {
                    system.compact(arrows);
                }
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
    }

    private static void read(CompactorFixture system, CollectionId arrows, AtomicLong written) {
        while (written.get() < WRITES) {
            long at = ThreadLocalRandom.current().nextLong(written.get() + 1);
            assertEquals(at, ids(system, arrows, new LogOffset(at)).size());
        }
    }

    @Test
    void anOffsetOfTheFutureIsWaitedFor() throws IOException {
        try (CompactorFixture system = open(WIDE)) {
            CollectionId arrows = system.quiver.create("arrows");
            LogOffset now = system.quiver.write(arrows, add("a", 1, 1));
            var query = with(ExecutorFixture.scan(arrows), new Consistency.At(now.next()));
            var answer = system.quiver.executor.execute(List.of(query)).toFuture();
            system.quiver.write(arrows, add("b", 1, 1));
            system.quiver.write(arrows, add("c", 1, 1));
            assertEquals(List.of("a", "b"), answer.join().getFirst().ids());
        }
    }

    private CompactorFixture open(HistoryWindow window) throws IOException {
        return CompactorFixture.open(
                directory, ExecutorFixture.smallDeltas(1_000).withHistory(window));
    }

    private static List<String> ids(CompactorFixture system, CollectionId arrows, LogOffset at) {
        return system.quiver
                .one(with(ExecutorFixture.scan(arrows), new Consistency.At(at)))
                .ids();
    }

    private static void awaitNoDelta(CompactorFixture system) {
        Eventually.await(
                () -> system.quiver.budget.bytes(Owner.DELTA) == 0,
                () -> "the deltas of earlier states are still there");
    }
}
