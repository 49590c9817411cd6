package io.quiver.log;

import static io.quiver.log.LogFixture.COLLECTION;
import static io.quiver.log.LogFixture.all;
import static io.quiver.log.LogFixture.append;
import static io.quiver.log.LogFixture.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.SimulatedStorage.Fault;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Power and disk fail at every call that the log makes: what was acknowledged stays, whole and in order. */
class LogCrashTest {
    private static final int BATCH_COUNT = 40;
    private static final int TRUNCATED = 15;

    /** Hundreds of logs are made to fail here; that each says so at length helps nobody. */
    @BeforeAll
    static void silenceTheWriter() {
        ((Logger) LoggerFactory.getLogger(LogWriter.class)).setLevel(Level.OFF);
    }

    @AfterAll
    static void letTheWriterSpeak() {
        ((Logger) LoggerFactory.getLogger(LogWriter.class)).setLevel(null);
    }

    @Test
    void nothingAcknowledgedIsLostWhereverThePowerGoes() throws IOException {
        long callCount = new Run(new SimulatedStorage()).storage.callCount();
        assertTrue(callCount > 100, "a run makes only %d calls".formatted(callCount));
        for (long call = 1; call <= callCount + 1; call++) {
            SimulatedStorage storage = new SimulatedStorage();
            storage.powerOffAt(call);
            Run run = new Run(storage);
            check(run, storage.crash(), "power off at call " + call);
            for (long seed = 0; seed < 4; seed++) {
                check(run, storage.crash(seed), "power off at call %d, seed %d".formatted(call, seed));
            }
        }
        System.out.printf("%d power cuts at the %d calls of a log: nothing lost%n", 5 * (callCount + 1), callCount);
    }

    @Test
    void nothingAcknowledgedIsLostWhateverCallFails() throws IOException {
        long callCount = new Run(new SimulatedStorage()).storage.callCount();
        for (Fault fault : Fault.values()) {
            for (long call = 1; call <= callCount; call++) {
                long failing = call;
                SimulatedStorage storage = new SimulatedStorage();
                storage.fail(fault, next -> next.number() == failing);
                Run run = new Run(storage);
                storage.heal();
                check(run, storage.crash(call), "%s at call %d, then a crash".formatted(fault, call));
                check(run, storage.copy(), "%s at call %d, then a restart".formatted(fault, call));
            }
        }
        System.out.printf(
                "%d kinds of faults at each of %d calls of a log: nothing lost%n", Fault.values().length, callCount);
    }

    @Test
    void aForceThatFailedOnceEndsAllWritingUntilTheLogIsReopened() throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(1));
            storage.fail(Fault.INPUT_OUTPUT, call -> call.kind() == Kind.FORCE);
            assertEquals(ErrorCode.UNAVAILABLE, refusal(log, SampleOperations.batch(2, 2_000)));
            storage.heal();
            long calls = storage.callCount();
            assertEquals(ErrorCode.UNAVAILABLE, refusal(log, SampleOperations.batch(3)));
            assertEquals(calls, storage.callCount());
            assertNotNull(log.failure());
            assertEquals(new LogOffset(1), log.head());
            assertEquals(1, all(log).size());
        }
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(4));
        }
        // What the reopened log found in the page cache it has made durable before it went on.
        try (LocalLog log = open(storage.crash())) {
            assertEquals(
                    List.of(SampleOperations.batch(1), SampleOperations.batch(2, 2_000), SampleOperations.batch(4)),
                    all(log).stream().map(LogEntry::operations).toList());
        }
    }

    @Test
    void aFullDiskRefusesWritesTakesDeletesAndHealsByItself() throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        AtomicLong aheadNanos = new AtomicLong();
        try (LocalLog log = open(storage, LogFixture.SMALL, () -> System.nanoTime() + aheadNanos.get())) {
            storage.fail(Fault.FULL, call -> call.kind() == Kind.RESIZE);
            int written = fill(log);
            assertTrue(written > 0);
            append(log, List.of(new Operation.Delete("id-1")));
            assertEquals(written + 1, log.head().value());
            storage.heal();
            aheadNanos.set(Duration.ofMillis(1_100).toNanos());
            assertEquals(ErrorCode.STORAGE_FULL, refusal(log, SampleOperations.batch(0, 1_000)));
            append(log, SampleOperations.batch(0, 1_000));
        }
        try (LocalLog log = open(storage.crash())) {
            assertTrue(log.recovery().entryCount() > 2);
        }
    }

    /** Writes until the log refuses; returns how many batches it took. */
    private static int fill(LocalLog log) {
        for (int i = 0; i < 1_000; i++) {
            try {
                append(log, SampleOperations.batch(i, 1_000));
            } catch (QuiverException e) {
                assertEquals(ErrorCode.STORAGE_FULL, e.code());
                return i;
            }
        }
        throw new AssertionError("the disk never was full");
    }

    private static ErrorCode refusal(LocalLog log, List<Operation> batch) {
        return assertThrows(
                        QuiverException.class,
                        () -> log.append(COLLECTION, batch).block())
                .code();
    }

    /** A process that opens a log, appends, truncates, appends, and closes it, as far as it comes. */
    private static final class Run {
        final SimulatedStorage storage;
        int attempted;
        int acknowledged;
        boolean isOpened;

        Run(SimulatedStorage storage) {
            this.storage = storage;
            try (LocalLog log = open(storage)) {
                isOpened = true;
                appendUntilRefused(log);
            } catch (IOException e) {
                assertTrue(!isOpened);
            }
        }

        private void appendUntilRefused(LocalLog log) {
            for (int i = 1; i <= BATCH_COUNT; i++) {
                attempted = i;
                try {
                    append(log, batch(i));
                } catch (QuiverException e) {
                    return;
                }
                acknowledged = i;
                if (i % TRUNCATED == 0) {
                    log.truncate(new LogOffset(i));
                }
            }
        }
    }

    /** One in eight is larger than a file. */
    private static List<Operation> batch(int number) {
        return SampleOperations.batch(number, number % 8 == 0 ? 17_000 : 1_500);
    }

    private static void check(Run run, SimulatedStorage survivor, String what) throws IOException {
        try (LocalLog log = open(survivor)) {
            List<LogEntry> entries = all(log);
            long first = log.truncatedThrough().value() + 1;
            assertTrue(first <= Math.max(1, run.acknowledged), what + ": dropped through " + first);
            assertTrue(log.head().value() >= run.acknowledged, what + ": lost after " + log.head());
            assertTrue(log.head().value() <= run.attempted, what + ": made up " + log.head());
            for (LogEntry entry : entries) {
                assertEquals(batch((int) entry.offset().value()), entry.operations(), what);
            }
            assertEquals(log.head().value() - first + 1, entries.size(), what);
            assertEquals(List.of(), log.gaps(), what);
            assertEquals(log.head().next(), append(log, SampleOperations.batch(0)), what);
        } catch (CorruptLogException e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
    }
}
