package io.quiver.log;

import static io.quiver.log.LogFixture.COLLECTION;
import static io.quiver.log.LogFixture.SMALL;
import static io.quiver.log.LogFixture.all;
import static io.quiver.log.LogFixture.append;
import static io.quiver.log.LogFixture.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class LocalLogTest {
    private final SimulatedStorage storage = new SimulatedStorage();

    @TempDir
    Path directory;

    @Test
    void offsetsBeginWithOneAndRise() throws IOException {
        try (LocalLog log = open(storage)) {
            assertEquals(LogOffset.NONE, log.head());
            assertEquals(new LogOffset(1), append(log, SampleOperations.batch(1)));
            assertEquals(new LogOffset(2), append(log, SampleOperations.batch(2)));
            assertEquals(new LogOffset(2), log.head());
        }
    }

    @Test
    void entriesOfEveryKindAreThereAfterReopening() throws IOException {
        long seed = System.nanoTime();
        System.out.println("LocalLogTest seed " + seed);
        Random random = new Random(seed);
        List<List<Operation>> batches = new ArrayList<>();
        try (LocalLog log = open(storage)) {
            for (int i = 0; i < 300; i++) {
                batches.add(SampleOperations.random(random));
                append(log, batches.getLast());
            }
            assertEquals(batches, operations(all(log)), "seed " + seed);
        }
        try (LocalLog log = open(storage)) {
            assertEquals(batches, operations(all(log)), "seed " + seed);
            assertNull(log.recovery().cut());
            assertEquals(300, log.recovery().entryCount());
            assertTrue(log.recovery().fileCount() > 1);
        }
    }

    @Test
    void worksOnTheDisk() throws IOException {
        DiskStorage disk = DiskStorage.open(directory);
        List<List<Operation>> batches = new ArrayList<>();
        try (LocalLog log = LocalLog.open(disk, "log", SMALL, LogListener.NONE)) {
            for (int i = 0; i < 50; i++) {
                batches.add(SampleOperations.batch(i, 1000));
                append(log, batches.getLast());
            }
        }
        assertEquals(new LogOffset(50), LocalLog.check(disk, "log").head());
        try (LocalLog log = LocalLog.open(disk, "log", SMALL, LogListener.NONE)) {
            assertEquals(batches, operations(all(log)));
        }
    }

    @Test
    void oneForceMakesAGroupDurable() throws IOException {
        AtomicInteger groups = new AtomicInteger();
        AtomicInteger entries = new AtomicInteger();
        LogListener listener = (count, _, _) -> {
            groups.incrementAndGet();
            entries.addAndGet(count);
        };
        LogSettings oneFile = SMALL.withFileBytes(4 << 20);
        try (LocalLog log = LocalLog.open(storage, "log", oneFile, listener, LogPacing.real(Runnable::run))) {
            long before = forces();
            appendAll(log, 64, 100);
            assertEquals(6_400, entries.get());
            assertEquals(groups.get(), forces() - before);
            assertTrue(groups.get() < 6_400, "64 writers never shared a group");
            System.out.printf("%d writes of 64 writers took %d forces, one a group%n", entries.get(), groups.get());
        }
    }

    @Test
    void manyWritersEachSeeTheirOwnOrder() throws IOException {
        try (LocalLog log = open(storage)) {
            appendAll(log, 8, 200);
            List<LogEntry> entries = all(log);
            assertEquals(1_600, entries.size());
            int[] next = new int[8];
            for (int i = 0; i < entries.size(); i++) {
                assertEquals(i + 1, entries.get(i).offset().value());
                int writer = (int) entries.get(i).collection().value().getLeastSignificantBits();
                assertEquals(
                        SampleOperations.batch(next[writer]++), entries.get(i).operations());
            }
        }
    }

    @Test
    void theHeadOfEachCollectionSurvivesReopening() throws IOException {
        CollectionId other = CollectionId.random();
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(1));
            log.append(other, SampleOperations.batch(2)).block();
            append(log, SampleOperations.batch(3));
        }
        try (LocalLog log = open(storage)) {
            assertEquals(new LogOffset(3), log.head(COLLECTION));
            assertEquals(new LogOffset(2), log.head(other));
            assertEquals(LogOffset.NONE, log.head(CollectionId.random()));
        }
    }

    @Test
    void aBatchLargerThanAFileIsWrittenWholeAndSoIsWhatFollows() throws IOException {
        List<List<Operation>> batches = List.of(
                SampleOperations.batch(1),
                SampleOperations.batch(2, 100_000),
                SampleOperations.batch(3),
                SampleOperations.batch(4, 3_000_000),
                SampleOperations.batch(5));
        try (LocalLog log = open(storage)) {
            batches.forEach(batch -> append(log, batch));
            assertEquals(batches, operations(all(log)));
        }
        try (LocalLog log = open(storage)) {
            assertEquals(batches, operations(all(log)));
        }
    }

    @Test
    void aBatchBeyondTheLimitIsRefused() throws IOException {
        try (LocalLog log = open(storage, SMALL.withEntryBytesMax(1_000))) {
            assertEquals(
                    ErrorCode.PAYLOAD_TOO_LARGE, refusal(log.append(COLLECTION, SampleOperations.batch(1, 2_000))));
            append(log, SampleOperations.batch(1, 500));
        }
    }

    @Test
    void aFullQueueRefusesWithATimeToComeAgain() throws Exception {
        BlockedStorage blocked = new BlockedStorage(storage);
        try (LocalLog log = open(blocked, SMALL.withQueue(1 << 20, 3))) {
            blocked.block();
            List<Mono<LogOffset>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Mono<LogOffset> append =
                        log.append(COLLECTION, SampleOperations.batch(i)).cache();
                append.subscribe();
                waiting.add(append);
            }
            var refusal = assertThrows(QuiverException.class, () -> append(log, SampleOperations.batch(4)));
            assertEquals(ErrorCode.BACKOFF, refusal.code());
            assertTrue(refusal.retryAfter() != null && refusal.retryAfter().toMillis() > 0);
            blocked.unblock();
            assertEquals(3, Flux.concat(waiting).count().block());
            append(log, SampleOperations.batch(5));
        }
    }

    @Test
    void aClosedLogHasWrittenWhatWaitedAndRefusesTheRest() throws IOException {
        LocalLog log = open(storage);
        List<LogOffset> answered = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 100; i++) {
            log.append(COLLECTION, SampleOperations.batch(i)).subscribe(answered::add);
        }
        log.close();
        assertEquals(100, answered.size());
        assertEquals(ErrorCode.UNAVAILABLE, refusal(log.append(COLLECTION, SampleOperations.batch(1))));
    }

    private long forces() {
        return storage.callCount(call -> call.kind() == Kind.FORCE);
    }

    /** Each writer has a collection of its own and appends its batches in order, all at once. */
    private static void appendAll(LocalLog log, int writerCount, int batchCount) {
        Flux.range(0, writerCount)
                .flatMap(
                        writer -> Flux.range(0, batchCount)
                                .concatMap(i ->
                                        log.append(new CollectionId(new UUID(0, writer)), SampleOperations.batch(i))),
                        writerCount)
                .blockLast();
    }

    private static ErrorCode refusal(Mono<LogOffset> append) {
        return assertThrows(QuiverException.class, append::block).code();
    }

    private static List<List<Operation>> operations(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::operations).toList();
    }
}
