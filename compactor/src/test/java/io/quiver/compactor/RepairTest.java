package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.compactor.backup.BackupKind;
import io.quiver.compactor.backup.BackupPath;
import io.quiver.compactor.backup.Repair;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.VectorRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged on the disk is mended without loss, or said to be lost; and nothing else is changed. */
class RepairTest {
    private static final int ROWS = 120;

    @TempDir
    Path directory;

    private CollectionId arrows = CollectionId.random();
    private ModelCollection model = new ModelCollection();
    private LogOffset head = LogOffset.NONE;

    /** Two segments with a graph and tombstones, a backup, and writes since in the log alone. */
    private void fill(boolean truncates) throws IOException {
        try (BackupFixture fixture = BackupFixture.open(directory)) {
            arrows = fixture.system.quiver.create("arrows");
            for (int i = 0; i < ROWS; i++) {
                fixture.write(arrows, List.of(upsert("r" + i, i, i % 7)));
            }
            fixture.system.compact(arrows);
            fixture.write(arrows, List.of(delete("r1"), delete("r5")));
            fixture.system.compact(arrows);
            fixture.system.awaitGraphs();
            if (truncates) {
                fillTheLog(fixture);
            }
            fixture.backUp(BackupKind.FULL);
            head = fixture.write(arrows, List.of(upsert("late", 3, 4)));
            model = fixture.model(arrows, head);
        }
    }

    /** Until the log has dropped its first file. */
    private void fillTheLog(BackupFixture fixture) {
        String document = "x".repeat(20_000);
        while (fixture.system.quiver.log.truncatedThrough().equals(LogOffset.NONE)) {
            fixture.write(arrows, List.of(upsert("r2", 2, 2), ExecutorFixture.update("r2", document)));
            fixture.system.compact(arrows);
        }
        fixture.system.awaitGraphs();
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Repair.Report repair(boolean hasBackups) throws IOException {
        return Repair.run(
                data(), hasBackups ? Optional.of(BackupPath.of(directory.resolve("backups"))) : Optional.empty());
    }

    private void assertHoldsEverything() throws IOException {
        try (ExecutorFixture quiver = ExecutorFixture.open(data(), ExecutorFixture.smallDeltas(60))) {
            Hits all = quiver.one(ExecutorFixture.scan(arrows));
            List<VectorRecord> expected = model.accepted(Filter.ALL);
            assertEquals(expected.stream().map(VectorRecord::id).toList(), all.ids());
            assertEquals(expected.stream().map(VectorRecord::embedding).toList(), all.embeddings());
            assertEquals(head, quiver.log.head());
        }
    }

    private List<Path> files(String below) throws IOException {
        try (Stream<Path> all = Files.walk(data().resolve(below))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x40;
        Files.write(file, bytes);
    }

    private boolean isSound() throws IOException {
        return DirectoryCheck.run(data(), (_, _, _) -> {}).isSound();
    }

    /** Until then those answer that have been compacted beyond what the file held, and the others do not. */
    @Test
    void aMissingLogFileComesBackFromABackup() throws IOException {
        CollectionId bows = fillThreeLogFiles();
        Files.delete(logFiles().get(1));
        assertArrowsAloneMissTheLog(bows);
        assertComesBack();
    }

    @Test
    void theOldestLogFileComesBackFromABackup() throws IOException {
        CollectionId bows = fillThreeLogFiles();
        Files.delete(logFiles().getFirst());
        assertArrowsAloneMissTheLog(bows);
        assertComesBack();
    }

    private void assertArrowsAloneMissTheLog(CollectionId bows) throws IOException {
        try (ExecutorFixture quiver = ExecutorFixture.open(data(), ExecutorFixture.smallDeltas(60))) {
            assertEquals(Set.of(arrows), quiver.executor.damaged().keySet());
            String reason = String.valueOf(quiver.executor.damaged().get(arrows));
            assertTrue(reason.contains("is missing"), reason);
            assertEquals(List.of("b", "late"), quiver.ids(bows));
        }
    }

    private void assertComesBack() throws IOException {
        assertFalse(isSound());
        assertEquals(1, repair(true).saved().size());
        assertTrue(isSound());
        assertHoldsEverything();
    }

    /** The write after the backup was in it. */
    @Test
    void theNewestLogFileComesBackAsFarAsTheBackupHasIt() throws IOException {
        fillThreeLogFiles();
        Files.delete(logFiles().getLast());
        assertThrows(IOException.class, () -> ExecutorFixture.open(data(), ExecutorFixture.smallDeltas(60)));
        Repair.Report report = repair(true);
        assertEquals(1, report.saved().size());
        assertEquals(1, report.lost().size());
        assertTrue(report.lost().getFirst().contains("after the backup"), report.toString());
        try (ExecutorFixture quiver = ExecutorFixture.open(data(), ExecutorFixture.smallDeltas(60))) {
            assertEquals(Set.of(), quiver.executor.damaged().keySet());
            assertEquals(head.value() - 1, quiver.log.head().value());
        }
    }

    private List<Path> logFiles() throws IOException {
        return files("log").stream()
                .filter(file -> file.toString().endsWith(".log"))
                .toList();
    }

    private CollectionId fillThreeLogFiles() throws IOException {
        String document = "x".repeat(20_000);
        try (BackupFixture fixture = BackupFixture.open(directory)) {
            arrows = fixture.system.quiver.create("arrows");
            CollectionId bows = fixture.system.quiver.create("bows");
            fixture.write(bows, List.of(upsert("b", 1, 1)));
            for (int i = 0; i < 12; i++) {
                fixture.write(arrows, List.of(upsert("r" + i, i, 1), ExecutorFixture.update("r" + i, document)));
            }
            fixture.write(bows, List.of(upsert("late", 1, 1)));
            fixture.system.compact(bows);
            fixture.backUp(BackupKind.FULL);
            head = fixture.write(arrows, List.of(upsert("late", 3, 4)));
            model = fixture.model(arrows, head);
            return bows;
        }
    }

    @Test
    void aSoundDirectoryIsLeftAsItIs() throws IOException {
        fill(false);
        List<Path> before = files("segments");
        Repair.Report report = repair(true);
        assertEquals(List.of(), report.saved());
        assertEquals(List.of(), report.lost());
        assertTrue(report.after().isSound());
        assertEquals(before, files("segments"));
        assertHoldsEverything();
    }

    @Test
    void everyFileOfASegmentIsMendedFromABackup() throws IOException {
        fill(true);
        int mended = 0;
        for (Path file : files("segments")) {
            if (isDamagedBy(file)) {
                Repair.Report report = repair(true);
                assertEquals(List.of(), report.lost(), file.toString());
                assertTrue(report.after().isSound(), file + ": " + report);
                mended++;
            }
        }
        assertTrue(mended >= 8, mended + " files were damaged so that it shows");
        System.out.printf("%d of %d damaged files mended, 0 records lost%n", mended, mended);
        assertHoldsEverything();
    }

    /** The calibration of a graph goes with the graph. */
    private boolean isDamagedBy(Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        flip(file);
        return !isSound();
    }

    @Test
    void aDamagedGraphIsTakenAwayWithoutABackupAndBuiltAgain() throws IOException {
        fill(false);
        Path graph = files("segments").stream()
                .filter(file -> file.endsWith("graph.qg"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no graph was built"));
        flip(graph);
        Repair.Report report = repair(false);
        assertTrue(report.after().isSound(), report.toString());
        assertEquals(1, report.saved().size());
        assertFalse(Files.exists(graph));
        assertHoldsEverything();
        try (CompactorFixture system =
                CompactorFixture.openWithGraphs(data(), ExecutorFixture.smallDeltas(60), CompactorFixture.GRAPHS)) {
            system.compact(arrows);
            system.awaitGraphs();
        }
        assertTrue(isSound());
    }

    @Test
    void withoutABackupACollectionIsAppliedAgainFromALogThatHasEverything() throws IOException {
        fill(false);
        flip(vectors());
        Repair.Report report = repair(false);
        assertTrue(report.after().isSound(), report.toString());
        assertTrue(report.saved().getFirst().contains("from the log, which has all of its writes"));
        assertHoldsEverything();
    }

    private Path vectors() throws IOException {
        return files("segments").stream()
                .filter(file -> file.endsWith("vectors.qv"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDamagedCatalogIsMadeAgainOfItsOtherFile() throws IOException {
        fill(false);
        Path catalog = directory.resolve("data/catalog.db");
        Files.write(catalog, Arrays.copyOf(Files.readAllBytes(catalog), 8192));
        Repair.Report report = Repair.run(directory.resolve("data"), Optional.empty());
        assertEquals(1, report.saved().size(), report.toString());
        assertTrue(
                report.saved().getFirst().endsWith("the file was made again from catalog-copy.db"), report.toString());
        assertTrue(report.after().isSound(), report.toString());
        assertHoldsEverything();
    }

    @Test
    void whatCannotBeMendedIsSaidAndLeft() throws IOException {
        fill(true);
        flip(vectors());
        byte[] damaged = Files.readAllBytes(vectors());
        Repair.Report report = repair(false);
        assertFalse(report.after().isSound());
        assertTrue(report.lost().getFirst().contains("No backup has this file"), report.toString());
        assertEquals(-1, Arrays.mismatch(damaged, Files.readAllBytes(vectors())));
    }

    @Test
    void aDamagedLogFileGetsItsBytesBackAndKeepsWhatWasWrittenSince() throws IOException {
        fill(true);
        Path file = files("log").stream()
                .filter(log -> log.toString().endsWith(".log"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(file);
        bytes[4096 + 40] ^= 1;
        Files.write(file, bytes);
        assertFalse(isSound());
        Repair.Report report = repair(true);
        assertTrue(report.after().isSound(), report.toString());
        assertEquals(1, report.saved().size(), report.toString());
        assertHoldsEverything();
    }

    @Test
    void aLogWhoseEndIsTornIsCutAndTold() throws IOException {
        fill(false);
        Path file = files("log").stream()
                .filter(log -> log.toString().endsWith(".log"))
                .reduce((_, later) -> later)
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(file);
        int last = bytes.length - 1;
        while (bytes[last] == 0) {
            last--;
        }
        bytes[last] ^= 1;
        Files.write(file, bytes);
        Repair.Report report = repair(false);
        assertTrue(report.saved().getFirst().contains("was cut"), report.toString());
        assertTrue(report.after().isSound());
    }
}
