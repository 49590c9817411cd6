package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.add;
import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.scan;
import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CollectionStats;
import io.quiver.executor.Eventually;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.FoldInput;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
    private static final int DELTA_ROWS = 50;

    @TempDir
    Path directory;

    private CompactorFixture system;
    private ExecutorFixture quiver;
    private CollectionId arrows;

    @BeforeEach
    void begin() throws IOException {
        open();
        arrows = quiver.create("arrows");
    }

    private void open() throws IOException {
        system = CompactorFixture.open(directory, ExecutorFixture.smallDeltas(DELTA_ROWS));
        quiver = system.quiver;
    }

    @AfterEach
    void close() {
        system.close();
    }

    private void reopen() throws IOException {
        close();
        open();
    }

    private void addRecords(int from, int to) {
        for (int i = from; i < to; i++) {
            quiver.write(arrows, add("r" + i, i));
        }
    }

    private CollectionStats stats() {
        return quiver.executor.stats().collections().getFirst();
    }

    @Test
    void anEndFoldsWhatIsMuchAndLeavesWhatIsLittle() {
        addRecords(0, 20);
        CollectionId bows = quiver.create("bows");
        quiver.write(bows, add("r0", 0));
        system.compactor.foldBeforeEnd(20, Duration.ofSeconds(30));
        assertEquals(1, unfoldedRows());
        system.compactor.foldBeforeEnd(1, Duration.ofSeconds(30));
        assertEquals(0, unfoldedRows());
    }

    @Test
    void anEndThatHasNoTimeLosesNothing() throws IOException {
        addRecords(0, 20);
        system.compactor.foldBeforeEnd(1, Duration.ofNanos(1));
        reopen();
        assertEquals(20, stats().liveCount());
    }

    private long unfoldedRows() {
        return quiver.executor.debts().stream()
                .mapToLong(CollectionDebt::unfoldedRows)
                .sum();
    }

    @Test
    void whatHasBeenFoldedIsTheSameAndNeedsNoLog() throws IOException {
        addRecords(0, 20);
        quiver.write(arrows, upsert("r3", 33), delete("r5"));
        Hits before = quiver.one(scan(arrows));
        system.compact(arrows);
        assertEquals(before.ids(), quiver.ids(arrows));
        assertEquals(0, stats().deltaRows());
        assertEquals(1, stats().sealedSegments());
        assertEquals(quiver.log.head(), quiver.executor.foldedThrough());
        reopen();
        assertEquals(before.ids(), quiver.ids(arrows));
        assertEquals(before.embeddings(), quiver.one(scan(arrows)).embeddings());
        assertEquals(before.offset(), quiver.one(scan(arrows)).offset());
    }

    @Test
    void theIndexAloneShowsWhatHasBeenFolded() {
        addRecords(0, 3);
        system.compact(arrows);
        quiver.write(arrows, upsert("r1", 7), delete("r2"), add("r3", 3));
        Query.Scan indexOnly = new Query.Scan(
                arrows, 0, 10, Filter.ALL, Projection.EVERYTHING, new Consistency.IndexOnly(), ExecutorFixture.soon());
        assertEquals(List.of("r0", "r1", "r2"), quiver.one(indexOnly).ids());
        assertEquals(List.of("r0", "r1", "r3"), quiver.ids(arrows));
    }

    @Test
    void whatEndsDuringAFoldEndsInTheNewSegmentToo() {
        addRecords(0, 10);
        quiver.executor.seal(arrows).block();
        try (FoldInput held = quiver.executor.hold(arrows).orElseThrow()) {
            quiver.write(arrows, delete("r1"), upsert("r2", 22));
            assertEquals(0, held.endedCount(held.deltas().getFirst()));
            system.compact(arrows);
        }
        assertEquals(9, quiver.count(arrows));
        assertEquals(List.of("r0", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"), quiver.ids(arrows));
    }

    @Test
    void aHeldViewSeesNoChangeAndItsFilesStayUntilItGoes() throws IOException {
        addRecords(0, 30);
        system.compact(arrows);
        FoldInput held = quiver.executor.hold(arrows).orElseThrow();
        Segment old = held.sealed().getFirst();
        for (int i = 0; i < 30; i++) {
            quiver.write(arrows, upsert("r" + i, -i));
        }
        system.compact(arrows);
        assertEquals(0, held.endedCount(old));
        assertEquals("r7", old.id(7));
        assertEquals(7, old.embedding(7).at(0));
        assertFalse(filesOf(old).isEmpty());
        held.close();
        assertTrue(filesOf(old).isEmpty());
        assertFalse(old.retain());
        assertEquals(30, quiver.count(arrows));
    }

    private List<String> filesOf(Segment segment) throws IOException {
        return quiver.files("segments").stream()
                .filter(path -> path.contains(segment.name()))
                .toList();
    }

    @Test
    void fewDeletesBecomeTombstonesOfAnUntouchedSegment() throws IOException {
        addRecords(0, 40);
        system.compact(arrows);
        for (int round = 0; round < 4; round++) {
            quiver.write(arrows, delete("r" + round));
            system.compact(arrows);
        }
        var entry = quiver.catalog
                .manifest(arrows)
                .blockOptional()
                .orElseThrow()
                .segments()
                .getFirst();
        assertEquals(40, entry.rowCount());
        assertEquals(4, entry.deletedCount());
        assertEquals(
                1,
                quiver.files("segments").stream()
                        .filter(path -> path.contains("tombstones"))
                        .count());
        reopen();
        assertEquals(36, quiver.count(arrows));
    }

    @Test
    void aCollectionOfWhichNothingIsLeftHasNoSegments() throws IOException {
        addRecords(0, 10);
        system.compact(arrows);
        for (int i = 0; i < 10; i++) {
            quiver.write(arrows, delete("r" + i));
        }
        system.compact(arrows);
        assertEquals(0, stats().sealedSegments());
        Eventually.await(
                () -> quiver.storage.list("segments/" + arrows).isEmpty() && quiver.budget.usedBytes() == 0,
                () -> "a segment is still there, which only its warming may hold");
        reopen();
        assertEquals(0, quiver.count(arrows));
    }

    @Test
    void endlessUpdatesKeepDiskLogAndMemoryBounded() throws IOException {
        addRecords(0, 100);
        long bytesMax = 0;
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < 100; i++) {
                quiver.write(arrows, upsert("r" + i, round));
            }
            system.compact(arrows);
            if (round == 10) {
                bytesMax = 2 * diskBytes();
            }
        }
        assertTrue(diskBytes() < bytesMax, "%d bytes on the disk".formatted(diskBytes()));
        assertTrue(stats().sealedSegments() < 16, stats().toString());
        assertEquals(0, quiver.budget.bytes(Owner.DELTA));
        assertEquals(100, quiver.count(arrows));
        assertTrue(quiver.log.truncatedThrough().isAfter(LogOffset.NONE));
    }

    private long diskBytes() throws IOException {
        long bytes = 0;
        for (String root : List.of("segments", "log")) {
            for (String path : quiver.files(root)) {
                bytes += quiver.storage.sizeBytes(path);
            }
        }
        return bytes;
    }

    @Test
    void aQuietCollectionDoesNotHoldTheLog() {
        CollectionId quiet = quiver.create("quiet");
        quiver.write(quiet, add("q", 1));
        system.compact(quiet);
        addRecords(0, 10);
        assertEquals(new LogOffset(1), quiver.executor.foldedThrough());
        system.compact(arrows);
        assertEquals(quiver.log.head(), quiver.executor.foldedThrough());
    }

    @Test
    void aDroppedCollectionLeavesNeitherFilesNorMemory() throws Exception {
        addRecords(0, 120);
        system.compact(arrows);
        addRecords(120, 130);
        FoldInput held = quiver.executor.hold(arrows).orElseThrow();
        quiver.drop(arrows);
        quiver.executor.seal(arrows).block();
        assertFalse(quiver.files("segments").isEmpty());
        held.close();
        quiver.executor.seal(arrows).block();
        assertEquals(List.of(), quiver.files("segments"));
        assertEquals(0, quiver.budget.usedBytes());
    }

    @Test
    void aDamagedSegmentMakesOnlyItsCollectionUnavailable() throws IOException {
        CollectionId sound = quiver.create("sound");
        quiver.write(sound, add("s", 1));
        addRecords(0, 20);
        system.compact(arrows);
        String file = quiver.files("segments/" + arrows).getFirst();
        close();
        Files.write(directory.resolve(file), new byte[3]);
        open();
        system.damagedByTheTest();
        assertEquals(List.of("s"), quiver.ids(sound));
        assertEquals(List.of(arrows), List.copyOf(quiver.executor.damaged().keySet()));
        var failure = assertThrows(QuiverException.class, () -> quiver.ids(arrows));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(String.valueOf(failure.getMessage()).contains("is damaged"), failure.getMessage());
        assertThrows(
                QuiverException.class,
                () -> quiver.executor.admitWrite(arrows, 10).block());
    }

    @Test
    void deltasThatRollAreFoldedWithoutBeingAskedFor() {
        addRecords(0, 10 * DELTA_ROWS);
        Eventually.await(() -> stats().waitingDeltas() == 0, () -> stats().toString());
        assertTrue(system.compactor.stats().folds() > 0);
        assertEquals(10 * DELTA_ROWS, quiver.count(arrows));
    }
}
