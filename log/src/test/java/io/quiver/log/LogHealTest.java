package io.quiver.log;

import static io.quiver.log.LogFixture.DIRECTORY;
import static io.quiver.log.LogFixture.all;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.SimulatedStorage.Call;
import io.quiver.log.storage.SimulatedStorage.Fault;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A log that could not write refuses, and writes again once it can, without being opened anew. */
class LogHealTest {
    private static final String FIRST = DIRECTORY + "/0000000000000001.log";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BEFORE = 5;

    private final List<List<Operation>> acknowledged = new ArrayList<>();
    private int drawn;

    @Test
    void afterAFailedForceWritesGoOnInAnotherFile() throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        try (LocalLog log = open(storage)) {
            write(log, BEFORE);
            byte[] salt = salt(storage);
            failOnce(storage, call -> call.kind() == Kind.FORCE);
            var refusal = assertThrows(QuiverException.class, () -> append(log));
            assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
            awaitHealed(log);
            assertTrue(!Arrays.equals(salt, salt(storage)), "the same file is written again");
            write(log, BEFORE);
            assertEquals(acknowledged, operations(log));
        }
        check(storage.crash(), "after a power cut");
    }

    @Test
    void afterAFailureToBeginAFileWritesGoOn() throws IOException {
        for (Kind kind : List.of(Kind.RENAME, Kind.FORCE_DIRECTORY, Kind.FORCE, Kind.WRITE)) {
            acknowledged.clear();
            SimulatedStorage storage = new SimulatedStorage();
            try (LocalLog log = open(storage)) {
                write(log, BEFORE);
                failOnce(storage, call -> call.kind() == kind);
                assertThrows(
                        QuiverException.class,
                        () -> log.append(LogFixture.COLLECTION, SampleOperations.batch(99, 15_000))
                                .block(PATIENCE));
                awaitHealed(log);
                write(log, 40);
                assertEquals(acknowledged, operations(log), kind.name());
            }
            check(storage.crash(), kind.name());
        }
    }

    /** Those who follow while the file is replaced get every entry once. */
    @Test
    void followersGoOnIntoTheOtherFile() throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        LogSettings settings = LogFixture.SMALL.withRecentBytes(0).withHealEvery(Duration.ofMillis(1));
        try (LocalLog log = LogFixture.open(storage, settings)) {
            write(log, BEFORE);
            var followed = log.follow(io.quiver.log.record.LogOffset.NONE)
                    .map(LogEntry::operations)
                    .take(2 * BEFORE)
                    .collectList()
                    .toFuture();
            failOnce(storage, call -> call.kind() == Kind.FORCE);
            assertThrows(QuiverException.class, () -> append(log));
            awaitHealed(log);
            write(log, BEFORE);
            assertEquals(acknowledged, followed.join());
        }
    }

    @Test
    void aPowerCutAtAnyCallOfTheHealingLosesNothing() throws IOException {
        long first = callsUntilFailure(new SimulatedStorage());
        long last = callsUntilHealed();
        assertTrue(last > first + 5, "no calls to fail: %d to %d".formatted(first, last));
        for (long call = first; call <= last; call++) {
            for (long seed = 0; seed < 4; seed++) {
                acknowledged.clear();
                drawn = 0;
                SimulatedStorage storage = new SimulatedStorage();
                try (LocalLog log = open(storage)) {
                    write(log, BEFORE);
                    storage.powerOffAt(call);
                    failOnce(storage, next -> next.kind() == Kind.FORCE);
                    assertThrows(QuiverException.class, () -> append(log));
                    awaitPower(storage, call);
                }
                check(storage.crash(seed), "call %d, seed %d".formatted(call, seed));
            }
        }
        System.out.printf(
                "%d power cuts in the %d calls of healing after a failed force: nothing lost%n",
                4 * (last - first + 1), last - first + 1);
    }

    private long callsUntilFailure(SimulatedStorage storage) throws IOException {
        try (LocalLog log = open(storage)) {
            write(log, BEFORE);
            return storage.callCount() + 1;
        } finally {
            acknowledged.clear();
            drawn = 0;
        }
    }

    private long callsUntilHealed() throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        try (LocalLog log = open(storage)) {
            write(log, BEFORE);
            failOnce(storage, call -> call.kind() == Kind.FORCE);
            assertThrows(QuiverException.class, () -> append(log));
            awaitHealed(log);
            return storage.callCount();
        }
    }

    private static void awaitPower(SimulatedStorage storage, long call) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (storage.callCount() < call && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void failOnce(SimulatedStorage storage, Predicate<Call> when) {
        boolean[] hasFailed = {false};
        storage.fail(Fault.INPUT_OUTPUT, call -> {
            boolean fails = !hasFailed[0] && when.test(call);
            hasFailed[0] |= fails;
            return fails;
        });
    }

    private static LocalLog open(SimulatedStorage storage) throws IOException {
        return LogFixture.open(storage, LogFixture.SMALL.withHealEvery(Duration.ofMillis(1)));
    }

    private void write(LocalLog log, int count) {
        for (int i = 0; i < count; i++) {
            acknowledged.add(append(log));
        }
    }

    private List<Operation> append(LocalLog log) {
        List<Operation> batch = SampleOperations.batch(drawn++);
        log.append(LogFixture.COLLECTION, batch).block(PATIENCE);
        return batch;
    }

    private static void awaitHealed(LocalLog log) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (log.failure() != null) {
            assertTrue(System.nanoTime() < end, "the log does not heal");
            Thread.onSpinWait();
        }
    }

    /** A batch that was refused may be there too, as the last one. */
    private void check(SimulatedStorage survivor, String where) throws IOException {
        try (LocalLog log = open(survivor)) {
            List<List<Operation>> found = operations(log);
            assertEquals(acknowledged, found.subList(0, Math.min(found.size(), acknowledged.size())), where);
            assertTrue(found.size() <= acknowledged.size() + 1, where);
            assertEquals(List.of(), log.gaps(), where);
        }
    }

    private static List<List<Operation>> operations(LocalLog log) {
        return all(log).stream().map(LogEntry::operations).toList();
    }

    private static byte[] salt(SimulatedStorage storage) {
        return Arrays.copyOfRange(storage.bytes(FIRST), 24, 32);
    }
}
