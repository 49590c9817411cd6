package io.quiver.log;

import static io.quiver.log.LogFixture.DIRECTORY;
import static io.quiver.log.SmallLog.FIRST;
import static io.quiver.log.SmallLog.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.SimulatedStorage.Fault;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Damage that comes to the log while it is in use is found by reading it again, and nothing else is taken for damage.
 */
class LogScrubTest {
    /** The header of the file is mostly zeros, which a start may or may not mind. */
    private static final int HEADER_STEP = 7;

    private final SmallLog small = new SmallLog();

    @Test
    void everyFlippedByteThatAStartWouldMindIsFound() throws IOException {
        int flipped = 0;
        int found = 0;
        try (LocalLog log = LogFixture.open(small.storage)) {
            for (int at = 0; at < small.usedBytes(); at += at < LogFileHeader.BYTES ? HEADER_STEP : 1) {
                flipped++;
                small.flip(FIRST, at);
                List<LogGap> gaps = scrub(log);
                assertEquals(isMindedByAStart(), !gaps.isEmpty(), "byte " + at);
                found += gaps.size();
                if (at >= LogFileHeader.BYTES && !gaps.isEmpty()) {
                    long entry = 1L + (at - LogFileHeader.BYTES) / small.groupBytes();
                    assertEquals(List.of(new LogOffset(entry)), firsts(gaps));
                }
                small.flip(FIRST, at);
            }
            assertEquals(List.of(), scrub(log));
        }
        System.out.printf("%d of %d flipped bytes matter, all found while the log was in use%n", found, flipped);
    }

    private boolean isMindedByAStart() throws IOException {
        RecoveryReport report;
        try {
            report = LocalLog.check(small.storage, DIRECTORY);
        } catch (CorruptLogException lost) {
            return true;
        }
        return !report.gaps().isEmpty() || report.cut() != null;
    }

    private static List<LogOffset> firsts(List<LogGap> gaps) {
        return gaps.stream().map(LogGap::first).toList();
    }

    /** At the very end a start could not tell damage from a torn write, and would cut what was acknowledged. */
    @Test
    void aDamagedEndIsLeftBehind() throws IOException {
        int last = small.usedBytes() - small.groupBytes();
        try (LocalLog log = LogFixture.open(small.storage)) {
            small.flip(FIRST, last + GroupHeader.BYTES);
            assertNotNull(LocalLog.check(small.storage, DIRECTORY).cut());
            assertEquals(List.of(new LogOffset(8)), firsts(scrub(log)));
            awaitFile(SECOND);
            assertEquals(new LogOffset(9), LogFixture.append(log, SampleOperations.batch(9)));
        }
        RecoveryReport report = LocalLog.check(small.storage, DIRECTORY);
        assertNull(report.cut());
        assertEquals(List.of(new LogOffset(8)), firsts(report.gaps()));
        assertEquals(new LogOffset(9), report.head());
    }

    private void awaitFile(String path) throws IOException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!small.storage.exists(path)) {
            assertTrue(System.nanoTime() < end, "no " + path);
            Thread.onSpinWait();
        }
    }

    @Test
    void whatTheDiskDoesNotGiveIsDamaged() throws IOException {
        try (LocalLog log = LogFixture.open(small.storage)) {
            small.storage.fail(Fault.INPUT_OUTPUT, call -> call.kind() == Kind.READ);
            LogGap gap = scrub(log).getFirst();
            assertEquals(
                    List.of(1L, 8L), List.of(gap.first().value(), gap.last().value()));
            small.storage.heal();
            assertEquals(List.of(), scrub(log));
        }
    }

    @Test
    void whatAStartHasFoundIsNotToldAgain() throws IOException {
        small.flip(FIRST, LogFileHeader.BYTES + 3 * small.groupBytes() + GroupHeader.BYTES);
        try (LocalLog log = LogFixture.open(small.storage)) {
            assertEquals(1, log.gaps().size());
            assertEquals(List.of(), scrub(log));
        }
    }

    @Test
    void readsOnWhileFilesAreBegunAndDropped() throws Exception {
        try (LocalLog log = LogFixture.open(small.storage)) {
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 400; i++) {
                    LogOffset offset = LogFixture.append(log, SampleOperations.batch(i));
                    log.truncate(new LogOffset(offset.value() / 2));
                }
            });
            while (writer.isAlive()) {
                assertEquals(List.of(), scrub(log));
            }
            writer.join();
            assertTrue(log.truncatedThrough().value() > 0, "nothing was dropped");
        }
    }

    @Test
    void tellsWhatItReadsAndCanBeEnded() throws IOException {
        try (LocalLog log = LogFixture.open(small.storage)) {
            for (int i = 0; i < 100; i++) {
                LogFixture.append(log, SampleOperations.batch(i, 15_000));
            }
            AtomicLong bytes = new AtomicLong();
            assertEquals(List.of(), log.scrub(bytes::addAndGet));
            assertTrue(bytes.get() > 1 << 20, bytes + " bytes were told");
            Assertions.assertThrows(
                    CancellationException.class,
                    () -> log.scrub(_ -> {
                        throw new CancellationException();
                    }));
        }
    }

    private static List<LogGap> scrub(LocalLog log) throws IOException {
        return log.scrub(_ -> {});
    }
}
