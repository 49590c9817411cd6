package io.quiver.log;

import static io.quiver.log.LogFixture.DIRECTORY;
import static io.quiver.log.LogFixture.all;
import static io.quiver.log.LogFixture.append;
import static io.quiver.log.LogFixture.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every byte of a small log is damaged once: what is then served is right, and what is missing is told. */
class LogRecoveryTest {
    private static final String FIRST = DIRECTORY + "/0000000000000001.log";
    private static final String SECOND = DIRECTORY + "/0000000000000002.log";

    /** A position in the first group of a file. */
    private static final int IN_FIRST_GROUP = LogFileHeader.BYTES + GroupHeader.BYTES + 40;

    private final SimulatedStorage storage = new SimulatedStorage();
    private final List<List<Operation>> batches = new ArrayList<>();
    private int usedBytes;

    @BeforeEach
    void writeASmallLog() throws IOException {
        try (LocalLog log = open(storage)) {
            write(log, 8);
            usedBytes = Math.toIntExact(LogFileHeader.BYTES + 8 * groupBytes(batches.getFirst()));
        }
    }

    @Test
    void everyFlippedByteIsFoundOrDoesNotMatter() throws IOException {
        byte[] intact = storage.bytes(FIRST);
        for (int at = 0; at < intact.length; at++) {
            byte[] damaged = intact.clone();
            damaged[at] ^= 0x10;
            storage.overwrite(FIRST, damaged);
            checkNothingWrongIsServed(true, "byte " + at);
        }
    }

    @Test
    void aFileCutAtAnyLengthIsFound() {
        byte[] intact = storage.bytes(FIRST);
        for (int length = 0; length < intact.length; length++) {
            storage.overwrite(FIRST, Arrays.copyOf(intact, length));
            assertThrows(CorruptLogException.class, () -> open(storage), "length " + length);
        }
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
    }

    @Test
    void aTornEndIsCutAndToldAndWrittenOver() throws IOException {
        flip(FIRST, usedBytes - 20);
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
        flip(FIRST, IN_FIRST_GROUP);
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
        for (int at = usedBytes - Math.toIntExact(groupBytes(batches.getFirst())); at < usedBytes; at++) {
            byte[] intact = storage.bytes(FIRST);
            flip(FIRST, at);
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
        int groupBytes = Math.toIntExact(groupBytes(batches.getFirst()));
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
    void aLostFileBetweenOthersIsAGapOfNobodyKnowsWhom() throws IOException {
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(9, 14_000));
            append(log, SampleOperations.batch(10, 14_000));
        }
        byte[] intact = storage.bytes(SECOND);
        storage.delete(SECOND);
        assertSecondFileIsLost();
        storage.create(SECOND).close();
        storage.overwrite(SECOND, Arrays.copyOf(intact, intact.length / 2));
        assertSecondFileIsLost();
        byte[] beheaded = intact.clone();
        Arrays.fill(beheaded, 0, LogFileHeader.BYTES, (byte) 7);
        storage.overwrite(SECOND, beheaded);
        assertSecondFileIsLost();
        storage.overwrite(SECOND, intact);
        try (LocalLog log = open(storage)) {
            assertEquals(List.of(), log.gaps());
        }
    }

    /** What is before it and behind it is served, and what is written then goes on behind that. */
    private void assertSecondFileIsLost() throws IOException {
        SimulatedStorage copy = storage.copy();
        try (LocalLog log = open(copy)) {
            LogGap gap = log.gaps().getFirst();
            assertEquals(1, log.gaps().size());
            assertEquals(LogGap.ofLostFile(SECOND, gap.first(), new LogOffset(9)), gap);
            assertEquals(new LogOffset(10), log.head());
            List<List<Operation>> expected =
                    new ArrayList<>(batches.subList(0, (int) gap.first().value() - 1));
            expected.add(SampleOperations.batch(10, 14_000));
            assertEquals(expected, operations(log));
            assertEquals(new LogOffset(11), append(log, batches.getFirst()));
        }
        try (LocalLog log = open(copy)) {
            assertEquals(new LogOffset(11), log.head());
            assertEquals(1, log.gaps().size());
        }
    }

    @Test
    void withoutTheNewestFileNobodyKnowsWhereTheLogEnds() throws IOException {
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(9, 14_000));
        }
        byte[] beheaded = storage.bytes(SECOND);
        Arrays.fill(beheaded, 0, LogFileHeader.BYTES, (byte) 7);
        storage.overwrite(SECOND, beheaded);
        assertEquals(
                SECOND,
                assertThrows(CorruptLogException.class, () -> open(storage)).file());
    }

    @Test
    void aLostOldestFileMayHaveHeldEverythingBefore() throws IOException {
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(9, 14_000));
        }
        byte[] beheaded = storage.bytes(FIRST);
        Arrays.fill(beheaded, 0, LogFileHeader.BYTES, (byte) 7);
        storage.overwrite(FIRST, beheaded);
        try (LocalLog log = open(storage)) {
            assertEquals(List.of(LogGap.ofLostFile(FIRST, new LogOffset(1), log.truncatedThrough())), log.gaps());
        }
    }

    @Test
    void oldestFilesThatAreMissingAreAGapAtEveryStart() throws IOException {
        try (LocalLog log = open(storage)) {
            for (int i = 0; i < 3; i++) {
                append(log, SampleOperations.batch(9, 14_000));
            }
        }
        storage.delete(FIRST);
        storage.delete(SECOND);
        for (int start = 0; start < 3; start++) {
            try (LocalLog log = open(storage)) {
                assertEquals(List.of(LogGap.ofLostFile(SECOND, new LogOffset(1), log.truncatedThrough())), log.gaps());
                append(log, SampleOperations.batch(9, 14_000));
            }
        }
    }

    @Test
    void filesThatWereDroppedAreNotMissed() throws IOException {
        try (LocalLog log = open(storage)) {
            for (int i = 0; i < 3; i++) {
                append(log, SampleOperations.batch(9, 14_000));
            }
            log.truncate(log.head());
        }
        assertEquals(
                1, storage.list(DIRECTORY).stream().filter(LogFileNames::isLog).count());
        try (LocalLog log = open(storage)) {
            assertEquals(List.of(), log.gaps());
        }
    }

    @Test
    void newestFilesThatAreMissingKeepTheLogFromOpening() throws IOException {
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(9, 14_000));
            append(log, SampleOperations.batch(10, 14_000));
        }
        storage.delete(DIRECTORY + "/0000000000000003.log");
        assertMissing(DIRECTORY + "/0000000000000003.log");
        storage.delete(SECOND);
        assertMissing(SECOND);
        storage.delete(FIRST);
        assertMissing(FIRST);
    }

    private void assertMissing(String file) {
        var failure = assertThrows(CorruptLogException.class, () -> open(storage));
        assertEquals(file, failure.file());
        assertTrue(String.valueOf(failure.getMessage()).contains("it is missing"), failure.getMessage());
    }

    /**
     * A flipped byte leaves the other place; with both gone there is no note, as in the directories of early servers.
     */
    @Test
    void aDamagedNoteIsReadFromItsOtherPlaceOrMadeAgain() throws IOException {
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(9, 14_000));
        }
        String note = DIRECTORY + "/" + LogEnds.NAME;
        byte[] intact = storage.bytes(note);
        for (int at = 0; at < 48; at++) {
            SimulatedStorage copy = storage.copy();
            byte[] damaged = intact.clone();
            damaged[at] ^= 0x10;
            copy.overwrite(note, damaged);
            copy.delete(FIRST);
            try (LocalLog log = open(copy)) {
                assertEquals(1, log.gaps().size(), "byte " + at);
            }
            assertTrue(Arrays.equals(copy.bytes(note), 0, 48, copy.bytes(note), 4096, 4144));
        }
        storage.overwrite(note, new byte[10]);
        try (LocalLog log = open(storage)) {
            assertEquals(List.of(), log.gaps());
        }
        assertEquals(8192, storage.bytes(note).length);
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
        int groupBytes = (usedBytes - LogFileHeader.BYTES) / 8;
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

    private static List<List<Operation>> operations(LocalLog log) {
        return all(log).stream().map(LogEntry::operations).toList();
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

    private void write(LocalLog log, int count) {
        for (int i = 0; i < count; i++) {
            batches.add(SampleOperations.batch(i));
            append(log, batches.getLast());
        }
    }

    private void flip(String path, int at) {
        byte[] bytes = storage.bytes(path);
        bytes[at] ^= 1;
        storage.overwrite(path, bytes);
    }

    private static long groupBytes(List<Operation> batch) {
        var payload = new GrowingBuffer(64);
        OperationCodec.write(payload, batch);
        return GroupHeader.sizeBytes(EntryHeader.BYTES + (long) payload.sizeBytes());
    }
}
