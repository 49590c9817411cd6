package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.ExecutorSettings;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkTest {
    private static final int DELTA_ROWS = 500;
    private static final int MEASURED = 9;

    /** A fork of 10,000 times as many records takes as long, but for the disk's moods. */
    private static final int RATIO_MAX = 5;

    @TempDir
    Path directory;

    @Test
    void aForkHasTheSealedFilesOfItsSourceUnderNamesOfItsOwn() throws IOException {
        try (CompactorFixture system = open()) {
            CollectionId source = source(system, 200);
            system.compact(source);
            system.awaitGraphs();
            system.quiver.write(source, ExecutorFixture.delete("r3"), ExecutorFixture.upsert("fresh", 1, 2));
            CollectionId fork = fork(system, source, "fork");
            String sealed = manifest(system, source).segments().getFirst().name();
            Path theirs = directory.resolve("segments/" + source + "/" + sealed);
            Path ours = directory.resolve("segments/" + fork + "/" + sealed);
            for (String file : List.of("vectors.qv", "records.qr", "graph.qg", "recall.qc")) {
                assertTrue(Files.isSameFile(theirs.resolve(file), ours.resolve(file)), file);
            }
            assertEquals(system.quiver.ids(source), system.quiver.ids(fork));
            assertFalse(system.quiver.ids(fork).contains("r3"));
            assertTrue(system.quiver.ids(fork).contains("fresh"));
        }
        assertSound();
    }

    @Test
    void whatOneWritesTheOtherDoesNotSee() throws IOException {
        CollectionId source;
        CollectionId fork;
        try (CompactorFixture system = open()) {
            source = source(system, 20);
            fork = fork(system, source, "fork");
            system.quiver.write(source, ExecutorFixture.delete("r0"), ExecutorFixture.upsert("theirs", 1, 1));
            system.quiver.write(fork, ExecutorFixture.delete("r1"), ExecutorFixture.upsert("ours", 2, 2));
            assertApart(system, source, fork);
        }
        try (CompactorFixture system = open()) {
            assertApart(system, source, fork);
            system.compact(source);
            system.compact(fork);
            assertApart(system, source, fork);
        }
        assertSound();
    }

    private static void assertApart(CompactorFixture system, CollectionId source, CollectionId fork) {
        List<String> theirs = system.quiver.ids(source);
        List<String> ours = system.quiver.ids(fork);
        assertTrue(theirs.contains("theirs") && theirs.contains("r1") && !theirs.contains("r0"), theirs::toString);
        assertTrue(ours.contains("ours") && ours.contains("r0") && !ours.contains("r1"), ours::toString);
        assertEquals(20, theirs.size());
        assertEquals(20, ours.size());
    }

    @Test
    void eitherCanBeDropped() throws IOException {
        try (CompactorFixture system = open()) {
            CollectionId root = source(system, 60);
            system.compact(root);
            CollectionId kept = fork(system, root, "kept");
            CollectionId gone = fork(system, kept, "gone");
            system.quiver.drop(root);
            system.quiver.drop(gone);
            awaitFilesOf(system, List.of(kept));
            assertEquals(60, system.quiver.count(kept));
            assertEquals(1, system.quiver.catalog.countForks(kept).block());
        }
        try (CompactorFixture system = open()) {
            CollectionId kept = Objects.requireNonNull(
                            system.quiver.catalog.allCollections().block())
                    .getFirst()
                    .id();
            assertEquals(60, system.quiver.ids(kept).size());
            assertEquals(1, system.quiver.catalog.countForks(kept).block());
            fork(system, kept, "again");
            assertEquals(2, system.quiver.catalog.countForks(kept).block());
        }
        assertSound();
    }

    @Test
    void aCollectionWithoutRecordsCanBeForked() throws IOException {
        try (CompactorFixture system = open()) {
            CollectionId root = system.quiver.create("empty");
            CollectionId fork = fork(system, root, "fork");
            system.quiver.write(fork, ExecutorFixture.add("a", 1, 2, 3));
            system.quiver.write(root, ExecutorFixture.add("b", 1, 2));
            assertEquals(List.of("a"), system.quiver.ids(fork));
            assertEquals(List.of("b"), system.quiver.ids(root));
            system.quiver.write(root, ExecutorFixture.delete("b"));
            assertEquals(List.of(), system.quiver.ids(fork(system, root, "nothing-left")));
        }
    }

    @Test
    void aTakenNameIsRefusedAndLeavesNoFiles() throws IOException {
        try (CompactorFixture system = open()) {
            CollectionId root = source(system, 30);
            system.compact(root);
            var refusal = assertThrows(QuiverException.class, () -> fork(system, root, "root"));
            assertEquals(ErrorCode.ALREADY_EXISTS, refusal.code());
            awaitFilesOf(system, List.of(root));
            var unknown = assertThrows(QuiverException.class, () -> fork(system, CollectionId.random(), "fork"));
            assertEquals(ErrorCode.NOT_FOUND, unknown.code());
        }
    }

    @Test
    void manyRecordsAreForkedAsFastAsFew() throws IOException {
        var oneDelta = ExecutorSettings.DEFAULT.withDeltaMax(200_000, 256 << 20);
        try (CompactorFixture system = CompactorFixture.open(directory, oneDelta)) {
            CollectionId few = system.quiver.create("few");
            CollectionId many = system.quiver.create("many");
            system.quiver.write(few, records(0, 10));
            for (int from = 0; from < 100_000; from += 10_000) {
                system.quiver.write(many, records(from, 10_000));
            }
            system.compact(few);
            system.compact(many);
            assertEquals(1, manifest(system, many).segments().size());
            long[] fewNanos = new long[MEASURED];
            long[] manyNanos = new long[MEASURED];
            for (int i = 0; i < MEASURED; i++) {
                fewNanos[i] = forkNanos(system, few, "few-" + i);
                manyNanos[i] = forkNanos(system, many, "many-" + i);
            }
            double ratio = (double) median(manyNanos) / median(fewNanos);
            System.out.printf(
                    "a fork of 10 records takes %d us, of 100,000 %d us%n",
                    median(fewNanos) / 1_000, median(manyNanos) / 1_000);
            assertTrue(ratio < RATIO_MAX, () -> "ratio " + ratio);
        }
    }

    private static long forkNanos(CompactorFixture system, CollectionId source, String name) {
        long begin = System.nanoTime();
        fork(system, source, name);
        return System.nanoTime() - begin;
    }

    private static long median(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private CompactorFixture open() throws IOException {
        return CompactorFixture.openWithGraphs(
                directory, ExecutorFixture.smallDeltas(DELTA_ROWS), CompactorFixture.GRAPHS);
    }

    private static CollectionId source(CompactorFixture system, int rows) {
        CollectionId source = system.quiver.create("root");
        system.quiver.write(source, records(0, rows));
        return source;
    }

    private static List<Operation> records(int from, int count) {
        List<Operation> records = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            records.add(ExecutorFixture.upsert("r" + i, i % 97, i % 89));
        }
        return records;
    }

    private static CollectionId fork(CompactorFixture system, CollectionId source, String name) {
        Collection fork =
                Objects.requireNonNull(system.quiver.executor.fork(source, name).block());
        assertEquals(name, fork.name());
        return fork.id();
    }

    private static Manifest manifest(CompactorFixture system, CollectionId id) {
        return Objects.requireNonNull(system.quiver.catalog.manifest(id).block());
    }

    /** Files of what was dropped go on another thread. */
    private static void awaitFilesOf(CompactorFixture system, List<CollectionId> collections) throws IOException {
        List<String> expected = collections.stream().map(CollectionId::toString).toList();
        long end = System.nanoTime() + 10_000_000_000L;
        while (!system.quiver.storage.list("segments").equals(expected) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(expected, system.quiver.storage.list("segments"));
    }

    private void assertSound() throws IOException {
        assertEquals(List.of(), DirectoryCheck.run(directory, (_, _, _) -> {}).findings());
    }
}
