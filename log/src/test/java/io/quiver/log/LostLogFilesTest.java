package io.quiver.log;

import static io.quiver.log.LogFixture.DIRECTORY;
import static io.quiver.log.LogFixture.append;
import static io.quiver.log.LogFixture.open;
import static io.quiver.log.SmallLog.FIRST;
import static io.quiver.log.SmallLog.SECOND;
import static io.quiver.log.SmallLog.operations;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whole files of a log are missing or cannot be told for such: what they held is a gap, and without the newest, behind
 * which nobody knows what there was, the log does not open.
 */
class LostLogFilesTest {
    private static final String THIRD = DIRECTORY + "/0000000000000003.log";

    private final SmallLog written = new SmallLog();
    private final SimulatedStorage storage = written.storage;

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
        storage.overwrite(SECOND, intact);
        written.behead(SECOND);
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
                    new ArrayList<>(written.batches.subList(0, (int) gap.first().value() - 1));
            expected.add(SampleOperations.batch(10, 14_000));
            assertEquals(expected, operations(log));
            assertEquals(new LogOffset(11), append(log, written.batches.getFirst()));
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
        written.behead(SECOND);
        assertEquals(
                SECOND,
                assertThrows(CorruptLogException.class, () -> open(storage)).file());
    }

    @Test
    void aLostOldestFileMayHaveHeldEverythingBefore() throws IOException {
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(9, 14_000));
        }
        written.behead(FIRST);
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
        storage.delete(THIRD);
        assertMissing(THIRD);
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
}
