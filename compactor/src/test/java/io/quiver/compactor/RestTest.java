package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.nearest;
import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.CollectionDebt.SegmentLoad;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.HeldSegments;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection that nobody writes to comes down to one segment with one graph, whatever was written before. */
class RestTest {
    private static final int DELTA_ROWS = 10_000;

    @TempDir
    Path directory;

    private final Random random = new Random(31);

    private CompactorFixture open() throws IOException {
        return CompactorFixture.openResting(
                DiskStorage.open(directory),
                directory,
                ExecutorFixture.smallDeltas(DELTA_ROWS),
                CompactorFixture.GRAPHS);
    }

    /** No graphs but those that a test asks for. */
    private CompactorFixture openInMemory() throws IOException {
        return CompactorFixture.open(new SimulatedStorage(), directory, ExecutorFixture.smallDeltas(DELTA_ROWS));
    }

    private static List<SegmentLoad> segments(CompactorFixture system) {
        return system.quiver.executor.debts().getFirst().segments();
    }

    private void write(CompactorFixture system, CollectionId collection, int from, int to) {
        List<Operation> operations = new ArrayList<>();
        for (int i = from; i < to; i++) {
            operations.add(upsert("r" + i, random.nextInt(1_000)));
        }
        system.quiver.write(collection, operations);
        system.compact(collection);
    }

    /** Of 300 records, 200 and 100. */
    private CollectionId createInTwoSegments(CompactorFixture system) {
        CollectionId collection = system.quiver.create("arrows");
        write(system, collection, 0, 200);
        write(system, collection, 200, 300);
        return collection;
    }

    @Test
    void segmentsOfAnySizeBecomeOneWithAGraphAndAnswerTheSame() throws IOException {
        List<String> ids;
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            write(system, arrows, 0, 300);
            write(system, arrows, 300, 400);
            write(system, arrows, 400, 420);
            system.quiver.write(arrows, List.of(delete("r7"), delete("r410")));
            system.compact(arrows);
            system.awaitGraphs();
            assertEquals(1, segments(system).size());
            assertTrue(segments(system).getFirst().hasGraph());
            ids = system.quiver.ids(arrows);
            assertEquals(418, ids.size());
        }
        try (CompactorFixture system = open()) {
            assertEquals(ids, system.quiver.ids(arrows));
            assertEquals(10, system.quiver.one(nearest(arrows, 10, 500f)).ids().size());
        }
        assertEquals(List.of(), DirectoryCheck.run(directory, (_, _, _) -> {}).findings());
    }

    /** What was written again and again must not lie on the disk once more for each time. */
    @Test
    void deletingAndAddingAllAgainLeavesNoMoreOnTheDiskThanWritingItOnce() throws IOException {
        try (CompactorFixture system = open()) {
            CollectionId arrows = system.quiver.create("arrows");
            write(system, arrows, 0, 500);
            system.awaitGraphs();
            long once = segmentBytes(system, arrows);
            for (int round = 0; round < 10; round++) {
                system.quiver.write(
                        arrows, ids(0, 500).map(ExecutorFixture::delete).toList());
                system.compact(arrows);
                write(system, arrows, 0, 250);
                write(system, arrows, 250, 500);
            }
            system.awaitGraphs();
            assertEquals(1, segments(system).size());
            assertEquals(500, system.quiver.ids(arrows).size());
            long often = segmentBytes(system, arrows);
            assertTrue(often <= 1.5 * once, () -> "%d bytes, where %d are enough".formatted(often, once));
        }
    }

    private static Stream<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "r" + i);
    }

    /** Of segments that the manifest names: others are kept for earlier states for a while. */
    private long segmentBytes(CompactorFixture system, CollectionId collection) throws IOException {
        Set<String> named = segments(system).stream().map(SegmentLoad::name).collect(Collectors.toSet());
        try (Stream<Path> files = Files.walk(directory.resolve("segments/" + collection))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> named.stream().anyMatch(file.toString()::contains))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void aWriteEndsTheRest() throws IOException {
        try (CompactorFixture system = openInMemory()) {
            CollectionId arrows = system.quiver.create("arrows");
            write(system, arrows, 0, 100);
            try (HeldSegments held = system.quiver
                    .executor
                    .hold(arrows, Set.of(segments(system).getFirst().name()))
                    .orElseThrow()) {
                assertTrue(held.areAtRest());
                system.quiver.write(arrows, List.of(upsert("r1", 3)));
                assertFalse(held.areAtRest());
                assertTrue(held.areWanted());
            }
        }
    }

    @Test
    void aMergeUnderWayIsGivenUpAtTheFirstWriteAndLeavesNothing() throws IOException {
        try (CompactorFixture system = openInMemory()) {
            CollectionId arrows = createInTwoSegments(system);
            Set<String> before = names(system);
            assertEquals(2, before.size());
            AtomicInteger looks = new AtomicInteger();
            GraphResult result = maker(system, () -> {
                        if (looks.incrementAndGet() == 2) {
                            system.quiver.write(arrows, List.of(upsert("r1", 3)));
                        }
                        return false;
                    })
                    .run(new GraphTask.Merge(arrows, before, 300, GraphTask.Occasion.REST));
            assertInstanceOf(GraphResult.GivenUp.class, result);
            assertTrue(looks.get() <= 3, "it went on for " + looks);
            assertEquals(before, names(system));
            assertEquals(before, Set.copyOf(system.quiver.storage.list("segments/" + arrows)));
            GraphTask wanted = new GraphTask.Merge(arrows, before, 300, GraphTask.Occasion.ASKED);
            assertInstanceOf(GraphResult.Built.class, maker(system, () -> false).run(wanted));
            assertEquals(1, segments(system).size());
            assertEquals(300, system.quiver.ids(arrows).size());
        }
    }

    private static Set<String> names(CompactorFixture system) {
        return segments(system).stream().map(SegmentLoad::name).collect(Collectors.toSet());
    }

    private static GraphMaker maker(CompactorFixture system, BooleanSupplier isClosed) {
        ExecutorFixture quiver = system.quiver;
        var publication = new MergePublication(
                quiver.executor, quiver.catalog, quiver.store, new Garbage(quiver.store), new ReentrantLock());
        return new GraphMaker(
                CompactorFixture.GRAPHS, quiver.executor, quiver.catalog, quiver.store, publication, isClosed);
    }

    @Test
    void nothingIsMergedWhereMemoryIsShort() throws IOException {
        try (CompactorFixture system = openInMemory()) {
            CollectionId arrows = createInTwoSegments(system);
            OffHeapBudget budget = system.quiver.budget;
            long others = budget.limitBytes() - budget.usedBytes() - budget.limitBytes() / 8;
            budget.reserve(OffHeapBudget.Owner.DELTA, others);
            GraphTask task = new GraphTask.Merge(arrows, names(system), 300, GraphTask.Occasion.ASKED);
            assertInstanceOf(
                    GraphResult.GivenUp.class, maker(system, () -> false).run(task));
            assertEquals(2, segments(system).size());
            budget.release(OffHeapBudget.Owner.DELTA, others);
            assertInstanceOf(GraphResult.Built.class, maker(system, () -> false).run(task));
        }
    }

    /** Restful merging is off: tiers alone decide, whatever is asked. */
    @Test
    void nothingIsMergedWhereItIsTurnedOff() throws IOException {
        try (CompactorFixture system = CompactorFixture.openWithGraphs(
                new SimulatedStorage(), directory, ExecutorFixture.smallDeltas(DELTA_ROWS))) {
            CollectionId arrows = system.quiver.create("arrows");
            write(system, arrows, 0, 100);
            system.awaitGraphs();
            write(system, arrows, 100, 200);
            system.awaitGraphs();
            assertEquals(2, segments(system).size());
        }
    }
}
