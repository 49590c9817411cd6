package io.quiver.log;

import static io.quiver.log.LogFixture.COLLECTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnchangedTest {
    private final SimulatedStorage storage = new SimulatedStorage();

    private static List<Operation> write(String id) {
        return List.of(new Operation.Delete(id));
    }

    private static Unchanged since(LogOffset offset, String... ids) {
        return new Unchanged(Set.of(ids), offset);
    }

    private static LogOffset append(LocalLog log, Unchanged condition, String id) {
        return Objects.requireNonNull(
                log.append(COLLECTION, write(id), condition).block());
    }

    private static void refused(ErrorCode code, String message, Runnable attempt) {
        var refusal = assertThrows(QuiverException.class, attempt::run);
        assertEquals(message, refusal.getMessage());
        assertEquals(code, refusal.code());
    }

    @Test
    void whatWasWrittenToSinceIsAConflict() throws IOException {
        try (LocalLog log = LogFixture.open(storage)) {
            LogOffset read = LogFixture.append(log, write("a"));
            LogFixture.append(log, write("b"));
            refused(
                    ErrorCode.WRITE_CONFLICT,
                    "Record [b] was written to after the read that the commit rests on",
                    () -> append(log, since(read, "a", "b"), "a"));
            assertEquals(new LogOffset(3), append(log, since(read, "a"), "a"));
            refused(
                    ErrorCode.WRITE_CONFLICT,
                    "Record [b] was written to after the read that the commit rests on",
                    () -> append(log, Unchanged.collectionSince(read), "c"));
            assertEquals(new LogOffset(4), append(log, since(new LogOffset(3), "a"), "a"));
            log.requireUnchanged(COLLECTION, since(read, "c")).block();
        }
    }

    @Test
    void anotherCollectionDoesNotMatter() throws IOException {
        try (LocalLog log = LogFixture.open(storage)) {
            LogOffset read = LogFixture.append(log, write("a"));
            log.append(CollectionId.random(), write("a")).block();
            assertEquals(new LogOffset(3), append(log, since(read, "a"), "a"));
        }
    }

    @Test
    void aConditionHoldsAcrossARestart() throws IOException {
        LogOffset read;
        try (LocalLog log = LogFixture.open(storage)) {
            read = LogFixture.append(log, write("a"));
            LogFixture.append(log, write("b"));
        }
        try (LocalLog log = LogFixture.open(storage)) {
            assertThrows(QuiverException.class, () -> append(log, since(read, "b"), "a"));
            append(log, since(read, "a"), "a");
        }
    }

    @Test
    void oneGroupIsCheckedInItsOrder() throws IOException {
        BlockedStorage blocked = new BlockedStorage(storage);
        try (LocalLog log = LogFixture.open(blocked)) {
            LogOffset read = LogFixture.append(log, write("a"));
            blocked.block();
            List<? extends CompletableFuture<?>> rivals = IntStream.range(0, 5)
                    .mapToObj(_ ->
                            log.append(COLLECTION, write("a"), since(read, "a")).toFuture())
                    .toList();
            CompletableFuture<?> bystander =
                    log.append(COLLECTION, write("b"), since(read, "b")).toFuture();
            blocked.unblock();
            rivals.getFirst().join();
            rivals.stream().skip(1).forEach(late -> {
                var refusal = assertThrows(CompletionException.class, late::join);
                assertEquals(
                        ErrorCode.WRITE_CONFLICT,
                        assertInstanceOf(QuiverException.class, refusal.getCause())
                                .code());
            });
            assertEquals(new LogOffset(3), bystander.join());
            assertEquals(3, LogFixture.all(log).size());
        }
    }

    @Test
    void anOldReadIsStaleOnceTheLogHasForgotten() throws IOException {
        try (LocalLog log = LogFixture.open(storage)) {
            LogOffset read = LogFixture.append(log, write("a"));
            for (int i = 0; i < 40; i++) {
                LogFixture.append(log, SampleOperations.batch(i, 1_000));
            }
            log.truncate(log.head());
            assertEquals(true, log.truncatedThrough().isAfter(read));
            refused(
                    ErrorCode.STALE_READ,
                    "The read token 1 is too old for the log to say what has changed since: read again",
                    () -> append(log, since(read, "a"), "a"));
            append(log, since(log.head(), "a"), "a");
        }
    }

    @Test
    void aReadOfTheFutureIsRefused() throws IOException {
        try (LocalLog log = LogFixture.open(storage)) {
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "The read token 7 is not one of this log, which ends at 0",
                    () -> append(log, since(new LogOffset(7), "a"), "a"));
        }
    }

    /** Of all that rests on one read of a record, one commit alone may hold, whatever else is written. */
    @Test
    void rivalsOfOneRecordNeverBothWin() throws Exception {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.printf("seed %d%n", seed);
        try (LocalLog log = LogFixture.open(storage)) {
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(number -> Thread.ofVirtual().start(() -> compete(log, new Random(seed + number))))
                    .toList();
            for (Thread thread : threads) {
                thread.join();
            }
            assertWinnersRestOnTheNewest(log, seed);
        }
    }

    /** Each winner writes which offset of the record it rests on, as the second id of its batch. */
    private static void compete(LocalLog log, Random random) {
        for (int i = 0; i < 200; i++) {
            String id = "r" + random.nextInt(3);
            LogOffset read = log.head();
            List<Operation> batch = List.of(new Operation.Delete(id), new Operation.Delete("since-" + read));
            log.append(COLLECTION, batch, since(read, id))
                    .onErrorComplete(QuiverException.class)
                    .block();
        }
    }

    private static void assertWinnersRestOnTheNewest(LocalLog log, long seed) {
        List<LogEntry> entries = LogFixture.all(log);
        for (LogEntry entry : entries) {
            String id = entry.operations().getFirst().id();
            long since = Long.parseLong(entry.operations().getLast().id().substring("since-".length()));
            entries.stream()
                    .filter(other -> other.offset().value() > since
                            && other.offset().compareTo(entry.offset()) < 0
                            && other.operations().getFirst().id().equals(id))
                    .forEach(between -> {
                        throw new AssertionError("seed %d: %s came before %s, which rests on %d"
                                .formatted(seed, between.offset(), entry.offset(), since));
                    });
        }
    }
}
