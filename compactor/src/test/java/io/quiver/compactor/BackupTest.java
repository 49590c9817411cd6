package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.add;
import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.compactor.backup.BackupKind;
import io.quiver.compactor.backup.BackupManifest;
import io.quiver.compactor.backup.CorruptBackupException;
import io.quiver.compactor.backup.Progress;
import io.quiver.compactor.backup.RestoreException;
import io.quiver.compactor.backup.RestorePoint;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.VectorRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of a backup is what the collections held at one log offset, record by record. */
class BackupTest {
    private static final int WRITERS = 4;
    private static final int BACKUPS = 4;
    private static final int RESTORES = 20;
    private static final int IDS = 120;
    private static final int BATCH_ROWS = 8;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private BackupFixture fixture;
    private List<CollectionId> collections = List.of();
    private int restored;

    @BeforeEach
    void open() throws IOException {
        fixture = BackupFixture.open(directory);
        collections = List.of(fixture.system.quiver.create("arrows"), fixture.system.quiver.create("bows"));
        System.out.printf("seed %d%n", seed);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void underFullLoadEveryOffsetBetweenTwoBackupsCanBeRestored() throws Exception {
        LogOffset first = fixture.backUp(BackupKind.FULL).offset();
        LogOffset last = backUpWhileOthersWrite();
        Random random = new Random(seed);
        for (int i = 0; i < RESTORES; i++) {
            long through = first.value() + random.nextLong(last.value() - first.value() + 1);
            assertRestores(new RestorePoint.Offset(new LogOffset(through)), new LogOffset(through));
        }
        assertRestores(new RestorePoint.End(), last);
    }

    private LogOffset backUpWhileOthersWrite() throws Exception {
        AtomicBoolean isEnough = new AtomicBoolean();
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed + i);
                ends.add(writers.submit(() -> writeUntil(isEnough, random)));
            }
            LogOffset last = LogOffset.NONE;
            for (int i = 0; i < BACKUPS; i++) {
                long folds = fixture.system.compactor.stats().folds();
                while (fixture.system.compactor.stats().folds() == folds) {
                    Thread.onSpinWait();
                }
                last = fixture.backUp(i == 2 ? BackupKind.FULL : BackupKind.INCREMENTAL)
                        .offset();
            }
            isEnough.set(true);
            for (Future<?> end : ends) {
                end.get();
            }
            return last;
        }
    }

    private void writeUntil(AtomicBoolean isEnough, Random random) {
        while (!isEnough.get()) {
            fixture.write(collections.get(random.nextInt(collections.size())), batch(random));
        }
    }

    private static List<Operation> batch(Random random) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < BATCH_ROWS; i++) {
            String id = "r" + random.nextInt(IDS);
            operations.add(
                    switch (random.nextInt(4)) {
                        case 0 -> delete(id);
                        case 1 -> add(id, random.nextInt(9), random.nextInt(9));
                        default -> upsert(id, random.nextInt(9), random.nextInt(9));
                    });
        }
        return operations;
    }

    private void assertRestores(RestorePoint point, LogOffset through) throws IOException {
        Path target = directory.resolve("restored-" + restored++);
        assertEquals(through, fixture.restore(point, target).through());
        assertHolds(target, through);
        assertEquals(List.of(), DirectoryCheck.run(target, (_, _, _) -> {}).findings());
    }

    private void assertHolds(Path data, LogOffset through) throws IOException {
        try (ExecutorFixture quiver = ExecutorFixture.open(data, ExecutorFixture.smallDeltas(60))) {
            assertEquals(through, quiver.log.head());
            for (CollectionId collection : collections) {
                List<VectorRecord> expected = fixture.model(collection, through).accepted(Filter.ALL);
                Hits all = quiver.one(ExecutorFixture.scan(collection));
                String where = "seed %d, offset %s".formatted(seed, through);
                assertEquals(expected.stream().map(VectorRecord::id).toList(), all.ids(), where);
                assertEquals(expected.stream().map(VectorRecord::embedding).toList(), all.embeddings(), where);
            }
        }
    }

    @Test
    void aTimeIsRestoredToo() throws IOException {
        write(3);
        fixture.backUp(BackupKind.FULL);
        LogOffset before = write(5);
        Instant time = Instant.now();
        awaitClockAfter(time);
        write(5);
        awaitClockAfter(Instant.now());
        fixture.backUp(BackupKind.INCREMENTAL);
        assertRestores(new RestorePoint.Time(time), before);
    }

    private static void awaitClockAfter(Instant time) {
        while (System.currentTimeMillis() <= time.toEpochMilli()) {
            Thread.onSpinWait();
        }
    }

    private LogOffset write(int batches) {
        Random random = new Random(seed);
        LogOffset last = LogOffset.NONE;
        for (int i = 0; i < batches; i++) {
            last = fixture.write(collections.get(i % 2), batch(random));
        }
        return last;
    }

    @Test
    void whatIsThereIsNotCopiedAgain() throws IOException {
        write(30);
        collections.forEach(fixture.system::compact);
        fixture.system.awaitGraphs();
        fixture.backUp(BackupKind.FULL);
        List<Path> stored = shared();
        BackupManifest again = fixture.backUp(BackupKind.INCREMENTAL);
        assertEquals(again.offset(), fixture.backups.list().getFirst().offset());
        assertEquals(stored, shared());
        write(1);
        fixture.backUp(BackupKind.INCREMENTAL);
        assertEquals(stored.size() + 1, shared().size(), "one piece of the log");
    }

    /** Files that backups may share. */
    private List<Path> shared() throws IOException {
        try (Stream<Path> segments = Files.walk(directory.resolve("backups/segments"));
                Stream<Path> pieces = Files.walk(directory.resolve("backups/log"))) {
            return Stream.concat(segments, pieces)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theFirstOfTwoBackupsCanBeDeletedAndTheOtherIsWhole() throws IOException {
        write(20);
        BackupManifest first = fixture.backUp(BackupKind.FULL);
        collections.forEach(fixture.system::compact);
        LogOffset last = write(20);
        fixture.backUp(BackupKind.INCREMENTAL);
        assertTrue(fixture.backups.delete(List.of(first.id())));
        assertFalse(fixture.backups.delete(List.of(first.id())));
        assertRestores(new RestorePoint.End(), last);
        assertThrows(
                RestoreException.class,
                () -> fixture.restore(new RestorePoint.Offset(first.offset()), directory.resolve("early")));
        assertFalse(Files.exists(directory.resolve("early")));
    }

    @Test
    void aBackupWithADamagedFileIsRefusedAndAFullOneMendsIt() throws IOException {
        LogOffset last = write(20);
        collections.forEach(fixture.system::compact);
        fixture.backUp(BackupKind.FULL);
        Path file = storedFile("vectors.qv");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Path target = directory.resolve("damaged");
        assertThrows(CorruptBackupException.class, () -> fixture.restore(new RestorePoint.End(), target));
        assertFalse(Files.exists(target));
        fixture.backUp(BackupKind.FULL);
        assertRestores(new RestorePoint.End(), last);
    }

    private Path storedFile(String name) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("backups"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void nothingIsReadThroughALink() throws IOException {
        write(20);
        collections.forEach(fixture.system::compact);
        fixture.backUp(BackupKind.FULL);
        Path file = storedFile("vectors.qv");
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(file, elsewhere);
        Files.createSymbolicLink(file, elsewhere);
        assertThrows(
                CorruptBackupException.class,
                () -> fixture.restore(new RestorePoint.End(), directory.resolve("linked")));
    }

    @Test
    void aDirectoryThatHoldsSomethingIsLeftAsItIs() throws IOException {
        write(1);
        fixture.backUp(BackupKind.FULL);
        Path target = Files.createDirectory(directory.resolve("taken"));
        Files.writeString(target.resolve("mine"), "mine");
        assertThrows(RestoreException.class, () -> fixture.restore(new RestorePoint.End(), target));
        try (Stream<Path> left = Files.list(target)) {
            assertEquals(List.of(target.resolve("mine")), left.toList());
        }
    }

    @Test
    void aRestoredDirectoryGoesOnAndIsBackedUpBesideTheOriginal() throws IOException {
        LogOffset last = write(10);
        fixture.backUp(BackupKind.FULL);
        Path target = directory.resolve("second");
        fixture.restore(new RestorePoint.End(), target);
        write(3);
        BackupManifest original = fixture.backUp(BackupKind.INCREMENTAL);
        try (CompactorFixture second = CompactorFixture.open(target, ExecutorFixture.smallDeltas(60))) {
            second.quiver.write(collections.getFirst(), add("other", 1, 1));
            assertEquals(last.next(), second.quiver.log.head());
            BackupManifest other = fixture.backups
                    .take(BackupFixture.source(second), BackupKind.INCREMENTAL, Progress.NONE)
                    .manifest();
            assertNull(other.previous());
        }
        Path again = directory.resolve("again");
        assertEquals(original.offset(), fixture.restore(original, again).through());
        assertHolds(again, original.offset());
    }
}
