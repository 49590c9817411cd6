package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.add;
import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.nearest;
import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.CollectionDebt.SegmentLoad;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.HeldSegments;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Published segments get graphs in the background, one that is good enough or none. */
class SegmentGraphsTest {

    @TempDir
    Path directory;

    private final Random random = new Random(9);
    private int dimension = 8;

    private CompactorFixture open() throws IOException {
        return open(CompactorFixture.GRAPHS);
    }

    private CompactorFixture open(GraphSettings graphs) throws IOException {
        return CompactorFixture.openWithGraphs(directory, ExecutorFixture.smallDeltas(10_000), graphs);
    }

    private void addRows(CompactorFixture system, CollectionId collection, int from, int to) {
        List<Operation> operations = new ArrayList<>();
        for (int i = from; i < to; i++) {
            operations.add(add("r" + i, embedding()));
        }
        system.quiver.write(collection, operations);
        system.compact(collection);
    }

    private float[] embedding() {
        float[] embedding = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            embedding[i] = (float) random.nextGaussian();
        }
        return embedding;
    }

    private static List<SegmentLoad> segments(CompactorFixture system) {
        return system.quiver.executor.debts().getFirst().segments();
    }

    @ParameterizedTest
    @EnumSource(Space.class)
    void aLargeSegmentGetsAGraphThatIsStillThereAfterARestart(Space space) throws IOException {
        CollectionId arrows;
        List<String> found;
        float[] query = embedding();
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows", space);
            addRows(system, arrows, 0, 400);
            system.awaitGraphs();
            assertEquals(1, system.compactor.stats().graphs().built());
            assertTrue(segments(system).getFirst().hasGraph());
            assertTrue(system.quiver.budget.bytes(Owner.GRAPH) > 0);
            assertEquals(0, system.quiver.budget.bytes(Owner.WRITER));
            found = system.quiver.one(nearest(arrows, 5, query)).ids();
            try (HeldSegments held = hold(system, arrows)) {
                assertTrue(held.segments().getFirst().index().recallCurve().recallAt(100, 10) >= 0.9);
            }
        }
        try (CompactorFixture system = open()) {
            assertTrue(segments(system).getFirst().hasGraph());
            assertEquals(found, system.quiver.one(nearest(arrows, 5, query)).ids());
            awaitLoaded(system);
            assertEquals(found, system.quiver.one(nearest(arrows, 5, query)).ids());
            assertEquals(0, system.compactor.stats().graphs().built());
        }
        CheckReport report = DirectoryCheck.run(directory, (_, _, _) -> {});
        assertEquals(List.of(), report.findings());
    }

    @Test
    void aCompactGraphLeavesNoRowsOnTheDisk() throws IOException {
        GraphSettings compact = new GraphSettings(GraphSettings.ROWS_MIN, 2, 0.9, GraphSettings.Form.COMPACT);
        try (CompactorFixture system = open(compact)) {
            CollectionId arrows = system.quiver.create("arrows");
            addRows(system, arrows, 0, 400);
            system.awaitGraphs();
            assertEquals(1, system.compactor.stats().graphs().built());
            Path segment = directory.resolve("segments/%s/%s"
                    .formatted(arrows, segments(system).getFirst().name()));
            assertTrue(Files.exists(segment.resolve("compact.qc")));
            assertFalse(Files.exists(segment.resolve("graph.qg")));
            assertEquals(
                    5, system.quiver.one(nearest(arrows, 5, embedding())).ids().size());
        }
        CheckReport report = DirectoryCheck.run(directory, (_, _, _) -> {});
        assertEquals(List.of(), report.findings());
    }

    /** An opened graph is searched in its file at once, and brought to memory behind that. */
    private static void awaitLoaded(CompactorFixture system) {
        for (int i = 0; i < 10_000 && system.quiver.budget.bytes(Owner.GRAPH) == 0; i++) {
            LockSupport.parkNanos(1_000_000);
        }
        assertTrue(system.quiver.budget.bytes(Owner.GRAPH) > 0);
    }

    private static HeldSegments hold(CompactorFixture system, CollectionId collection) {
        return system.quiver
                .executor
                .hold(collection, Set.of(segments(system).getFirst().name()))
                .orElseThrow();
    }

    @Test
    void aSmallSegmentIsScanned() throws IOException {
        try (CompactorFixture system = open()) {
            CollectionId arrows = system.quiver.create("arrows");
            addRows(system, arrows, 0, GraphSettings.ROWS_MIN - 1);
            system.awaitGraphs();
            assertFalse(segments(system).getFirst().hasGraph());
            assertEquals(0, system.compactor.stats().graphs().waiting());
        }
    }

    /** Rows without any order: no graph finds all of their neighbours with the usual beam. */
    @Test
    void aGraphThatFindsTooLittleIsBuiltBetterAndSearchedWithAWiderBeam() throws IOException {
        try (CompactorFixture system = open(new GraphSettings(GraphSettings.ROWS_MIN, 2, 1))) {
            CollectionId arrows = system.quiver.create("arrows");
            dimension = 48;
            addRows(system, arrows, 0, 3_000);
            system.awaitGraphs();
            assertTrue(segments(system).getFirst().hasGraph());
            try (HeldSegments held = hold(system, arrows)) {
                assertTrue(held.segments().getFirst().index().usualEf(10) > RowSearch.EF_DEFAULT);
            }
        }
    }

    /** Of so few rows, a beam that finds all would be as wide as a good part of them. */
    @Test
    void aGraphThatFindsTooLittleWithAnyBeamIsNotUsedAndNotBuiltAgain() throws IOException {
        GraphSettings all = new GraphSettings(GraphSettings.ROWS_MIN, 2, 1);
        try (CompactorFixture system = open(all)) {
            CollectionId arrows = system.quiver.create("arrows");
            dimension = 512;
            addRows(system, arrows, 0, 700);
            for (int i = 0; i < 20_000 && system.compactor.stats().graphs().refused() == 0; i++) {
                LockSupport.parkNanos(1_000_000);
            }
            assertEquals(1, system.compactor.stats().graphs().refused());
            assertFalse(segments(system).getFirst().hasGraph());
            assertTrue(system.quiver.files("segments").stream().noneMatch(file -> file.contains("graph.qg")));
            assertEquals(0, system.quiver.budget.bytes(Owner.WRITER));
        }
        try (CompactorFixture system = open(all)) {
            assertTrue(segments(system).getFirst().graphRecallMax() < 1);
            system.awaitGraphs();
            assertEquals(0, system.compactor.stats().graphs().refused());
        }
        try (CompactorFixture system = open(new GraphSettings(GraphSettings.ROWS_MIN, 2, 0.5))) {
            system.awaitGraphs();
            assertTrue(segments(system).getFirst().hasGraph(), "less is asked of it now");
        }
    }

    @Test
    void segmentsWithGraphsBecomeOneThatHasAGraphFromTheStart() throws IOException {
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            for (int i = 0; i < 3; i++) {
                addRows(system, arrows, 100 * i, 100 * (i + 1));
                system.awaitGraphs();
            }
            assertEquals(3, segments(system).size());
            assertEquals(0, system.compactor.stats().graphs().merged());
            addRows(system, arrows, 300, 400);
            awaitMerges(system, 1);
            assertTrue(segments(system).getFirst().hasGraph());
            assertEquals(1, segments(system).size());
            assertEquals(400, system.quiver.count(arrows));
        }
        assertHolds(arrows, 400);
    }

    @Test
    void whatEndsBesideMergesStaysEnded() throws IOException {
        CollectionId arrows;
        int batches = 0;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            while (batches < 24) {
                writeBatch(system, arrows, batches++);
            }
            system.awaitGraphs();
            // Which segments meet in a merge depends on what was folded before it had a graph.
            while (system.compactor.stats().graphs().merged() == 0 && batches < 100) {
                writeBatch(system, arrows, batches++);
                system.awaitGraphs();
            }
            awaitMerges(system, 1);
            assertEquals(0, system.compactor.stats().graphs().failures());
            assertEquals(0, system.compactor.stats().failures());
        }
        long count;
        try (CompactorFixture system = open()) {
            count = system.quiver.count(arrows);
            assertEquals(count, system.quiver.ids(arrows).stream().distinct().count());
            assertTrue(count <= batches * 99L && count >= batches * 98L, "%d records".formatted(count));
            assertFalse(system.quiver.ids(arrows).contains("r99"));
        }
        assertHolds(arrows, count);
    }

    private void writeBatch(CompactorFixture system, CollectionId arrows, int i) throws IOException {
        addRows(system, arrows, 100 * i, 100 * (i + 1));
        system.quiver.write(arrows, delete("r" + random.nextInt(100 * i + 1)), delete("r" + (100 * i + 99)));
        system.quiver.write(arrows, upsert("r" + (100 * i + 50), embedding()));
        system.compact(arrows);
    }

    @Test
    void aGraphWithManyEndedRowsIsMadeAgainWithoutThem() throws IOException {
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            addRows(system, arrows, 0, 200);
            system.awaitGraphs();
            for (int i = 0; i < 100; i++) {
                system.quiver.write(arrows, delete("r" + i));
            }
            system.compact(arrows);
            awaitMerges(system, 1);
            assertEquals(100, segments(system).getFirst().rowCount());
            assertTrue(segments(system).getFirst().hasGraph());
            for (int i = 100; i < 200; i++) {
                system.quiver.write(arrows, delete("r" + i));
            }
            system.compact(arrows);
            awaitMerges(system, 2);
        }
        assertHolds(arrows, 0);
    }

    @Test
    void aLargeGraphIsJoinedWhereFewOfItsRowsHaveEnded() throws IOException {
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            for (int i = 0; i < 4; i++) {
                addRows(system, arrows, 500 * i, 500 * (i + 1));
                system.quiver.write(arrows, delete("r" + 500 * i), delete("r" + (500 * i + 7)));
                system.awaitGraphs();
            }
            awaitMerges(system, 1);
            system.compact(arrows);
            assertEquals(1, system.compactor.stats().graphs().joined());
            assertEquals(1, segments(system).size());
            assertTrue(segments(system).getFirst().hasGraph());
        }
        assertHolds(arrows, 4 * 498);
    }

    private static void awaitMerges(CompactorFixture system, int merges) {
        for (int i = 0; i < 30_000 && system.compactor.stats().graphs().merged() < merges; i++) {
            LockSupport.parkNanos(1_000_000);
        }
        assertTrue(
                system.compactor.stats().graphs().merged() >= merges,
                system.compactor.stats().toString());
        system.awaitGraphs();
    }

    /** After a restart too, and so that a check has nothing to say. */
    private void assertHolds(CollectionId collection, long count) throws IOException {
        try (CompactorFixture system = open()) {
            assertEquals(count, system.quiver.count(collection));
        }
        assertEquals(List.of(), DirectoryCheck.run(directory, (_, _, _) -> {}).findings());
    }

    @Test
    void aBuildUnderWayIsGivenUpAtTheEndAndLeavesNothing() throws IOException {
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            addRows(system, arrows, 0, 20_000);
            while (system.compactor.stats().graphs().running() == null) {
                LockSupport.parkNanos(100_000);
            }
            system.compactor.close();
            assertEquals(0, system.compactor.stats().graphs().built());
            assertEquals(0, system.compactor.stats().graphs().failures());
            assertEquals(0, system.quiver.budget.bytes(Owner.WRITER));
            assertTrue(system.quiver.files("segments").stream().noneMatch(file -> file.contains("graph.qg")));
        }
        assertHolds(arrows, 20_000);
    }

    @Test
    void aDroppedCollectionLeavesNothingOfItsGraph() throws IOException {
        try (CompactorFixture system = open()) {
            CollectionId arrows = system.quiver.create("arrows");
            addRows(system, arrows, 0, 300);
            system.awaitGraphs();
            HeldSegments held = hold(system, arrows);
            assertTrue(held.areWanted());
            system.quiver.drop(arrows);
            system.quiver.executor.seal(arrows).block();
            assertFalse(held.areWanted());
            assertFalse(system.quiver.files("segments").isEmpty());
            held.close();
            system.quiver.executor.seal(arrows).block();
            assertEquals(List.of(), system.quiver.files("segments"));
            assertEquals(0, system.quiver.budget.usedBytes());
        }
    }
}
