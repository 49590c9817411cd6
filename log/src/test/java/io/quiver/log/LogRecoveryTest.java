package io.quiver.log;

import static io.quiver.log.LogFixture.all;
import static io.quiver.log.LogFixture.append;
import static io.quiver.log.LogFixture.open;
import static io.quiver.log.SmallLog.FIRST;
import static io.quiver.log.SmallLog.SECOND;
import static io.quiver.log.SmallLog.operations;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every byte of a small log is damaged once: what is then served is right, and what is missing is told. */
class LogRecoveryTest {
    /** A position in the first group of a file. */
    private static final int IN_FIRST_GROUP = LogFileHeader.BYTES + GroupHeader.BYTES + 40;

    private final SmallLog written = new SmallLog();
    private final SimulatedStorage storage = written.storage;
    private final List<List<Operation>> batches = written.batches;
    private final int usedBytes = written.usedBytes();
    private final int groupBytes = written.groupBytes();

    @Test
    void everyFlippedByteIsFoundOrDoesNotMatter() throws IOException {
        byte[] intact = storage.bytes(FIRST);
        for (int at = 0; at < intact.length; at++) {
            byte[] damaged = intact.clone();
            damaged[at] ^= 0x10;
            storage.overwrite(FIRST, damaged);
            checkNothingWrongIsServed(true, "byte " + at);
        }
        System.out.printf("%d flipped bytes of a log: each found or of no matter, 0 served wrong%n", intact.length);
    }

    @Test
    void aFileCutAtAnyLengthIsFound() {
        byte[] intact = storage.bytes(FIRST);
        for (int length = 0; length < intact.length; length++) {
            storage.overwrite(FIRST, Arrays.copyOf(intact, length));
            assertThrows(CorruptLogException.class, () -> open(storage), "length " + length);
        }
        System.out.printf("%d lengths of a log file that was cut: each found%n", intact.length);
    }

    @Test
    void zerosFromAnyByteOnLeaveWholeGroups() throws IOException {
        byte[] intact = storage.bytes(FIRST);
        for (int from = LogFileHeader.BYTES; from < usedBytes; from++) {
            byte[] damaged = intact.clone();
            Arrays.fill(damaged, from, damaged.length, (byte) 0);
            storage.overwrite(FIRST, damaged);
            checkNothingWrongIsServed(false, "from " + from);
        }
        System.out.printf("%d torn ends of a log: whole groups served%n", usedBytes - LogFileHeader.BYTES);
    }

    @Test
    void aTornEndIsCutAndToldAndWrittenOver() throws IOException {
        written.flip(FIRST, usedBytes - 20);
        try (LocalLog log = open(storage)) {
            var cut = log.recovery().cut();
            assertNotNull(cut);
            assertEquals(FIRST, cut.file());
            assertEquals("log entries 8 to 8 are not whole", cut.reason());
            assertEquals(new LogOffset(7), log.head());
            assertEquals(new LogOffset(8), append(log, SampleOperations.batch(8)));
        }
        try (LocalLog log = open(storage)) {
            assertNull(log.recovery().cut());
            assertEquals(8, all(log).size());
        }
    }

    @Test
    void damageBeforeTheEndIsToldAndLeftOut() throws IOException {
        written.flip(FIRST, IN_FIRST_GROUP);
        try (LocalLog log = open(storage)) {
            assertEquals(
                    List.of(gap(FIRST, LogFileHeader.BYTES, 1)), log.recovery().gaps());
            assertNull(log.recovery().cut());
            assertEquals(batches.subList(1, 8), operations(log));
            assertEquals(new LogOffset(9), append(log, SampleOperations.batch(8)));
        }
        try (LocalLog log = open(storage)) {
            assertEquals(List.of(gap(FIRST, LogFileHeader.BYTES, 1)), log.gaps());
            assertEquals(8, all(log).size());
        }
    }

    @Test
    void damageInAnEarlierFileIsToldEvenInItsLastGroup() throws IOException {
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(9, 14_000));
        }
        assertTrue(storage.exists(SECOND));
        for (int at = usedBytes - groupBytes; at < usedBytes; at++) {
            byte[] intact = storage.bytes(FIRST);
            written.flip(FIRST, at);
            try (LocalLog log = open(storage.copy())) {
                assertEquals(new LogOffset(9), log.head());
                List<LogGap> gaps = log.gaps();
                assertEquals(gaps.isEmpty() ? 9 : 8, operations(log).size(), "byte " + at);
                gaps.forEach(gap -> assertEquals(new LogOffset(8), gap.first()));
            }
            storage.overwrite(FIRST, intact);
        }
    }

    @Test
    void bytesLostInTheMiddleOfSeveralGroupsAreTold() throws IOException {
        byte[] bytes = storage.bytes(FIRST);
        Arrays.fill(bytes, LogFileHeader.BYTES + groupBytes + 8, LogFileHeader.BYTES + 3 * groupBytes - 8, (byte) 0);
        storage.overwrite(FIRST, bytes);
        try (LocalLog log = open(storage)) {
            assertEquals(
                    List.of(batches.get(0), batches.get(3)), operations(log).subList(0, 2));
            assertEquals(Set.of(), log.gaps().getFirst().collections());
            assertEquals(new LogOffset(3), log.gaps().getLast().last());
        }
    }

    @Test
    void aFileOfAnUnknownVersionIsRefusedAndNotTouched() {
        byte[] newer = storage.bytes(FIRST);
        newer[8] = 2;
        newer[2048 + 8] = 2;
        storage.overwrite(FIRST, newer);
        var failure = assertThrows(CorruptLogException.class, () -> open(storage));
        assertEquals(FIRST + ", byte 8: format version 2, this server knows 1", failure.getMessage());
        assertTrue(Arrays.equals(newer, storage.bytes(FIRST)));
    }

    @Test
    void bytesFromAFilesFormerLifeDoNotCount() throws IOException {
        byte[] old = storage.bytes(FIRST);
        SimulatedStorage fresh = new SimulatedStorage();
        open(fresh).close();
        byte[] recycled = fresh.bytes(FIRST);
        System.arraycopy(old, LogFileHeader.BYTES, recycled, LogFileHeader.BYTES, old.length - LogFileHeader.BYTES);
        fresh.overwrite(FIRST, recycled);
        try (LocalLog log = open(fresh)) {
            assertEquals(LogOffset.NONE, log.head());
            var cut = log.recovery().cut();
            assertNotNull(cut);
            assertEquals("something that is not a whole group", cut.reason());
        }
    }

    @Test
    void aGroupAtAWrongPlaceDoesNotCount() throws IOException {
        byte[] bytes = storage.bytes(FIRST);
        System.arraycopy(bytes, LogFileHeader.BYTES, bytes, usedBytes, groupBytes);
        storage.overwrite(FIRST, bytes);
        try (LocalLog log = open(storage)) {
            assertEquals(new LogOffset(8), log.head());
            assertNotNull(log.recovery().cut());
        }
    }

    /**
     * Opens the log: it may refuse; else it serves the batches from the first on but for gaps, and tells a loss if it
     * can be seen.
     */
    private void checkNothingWrongIsServed(boolean isLossVisible, String damage) throws IOException {
        try (LocalLog log = open(storage.copy())) {
            List<List<Operation>> served = operations(log);
            List<List<Operation>> expected = new ArrayList<>(batches);
            for (LogGap gap : log.gaps()) {
                assertEquals(gap.first(), gap.last(), damage);
                assertTrue(near(gap.collections()), damage + " is said to be of " + gap.collections());
                expected.remove(Math.toIntExact(gap.first().value() - 1));
            }
            assertEquals(expected.subList(0, served.size()), served, damage);
            boolean isComplete = served.size() == expected.size();
            assertTrue(isComplete || !isLossVisible || log.recovery().cut() != null, damage + " was not told");
        } catch (CorruptLogException e) {
            assertTrue(e.file().equals(FIRST), damage);
        }
    }

    private static LogGap gap(String file, long position, long offset) {
        return new LogGap(file, position, new LogOffset(offset), new LogOffset(offset), Set.of(LogFixture.COLLECTION));
    }

    /** One byte of an id may be the damage itself. */
    private static boolean near(Set<CollectionId> collections) {
        UUID right = LogFixture.COLLECTION.value();
        return collections.stream()
                        .map(CollectionId::value)
                        .allMatch(id -> Long.bitCount(id.getMostSignificantBits() ^ right.getMostSignificantBits())
                                        + Long.bitCount(id.getLeastSignificantBits() ^ right.getLeastSignificantBits())
                                <= 1)
                && collections.size() == 1;
    }
}
