package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.nearest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.Eventually;
import io.quiver.executor.HeldSegments;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.SearchPlan;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.executor.segment.Segment;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Published segments get graphs in the background, one that is good enough or none. */
class SegmentGraphsTest extends GraphsFixture {
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
            Eventually.await(() -> isSearchedByBytes(system, arrows, query), () -> "a filter's rows have no bytes");
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
        Eventually.await(() -> system.quiver.budget.bytes(Owner.GRAPH) > 0, () -> "no graph is in memory");
    }

    /** Whether a filter's rows can be, which wants the graph to be in memory. */
    private static boolean isSearchedByBytes(CompactorFixture system, CollectionId collection, float[] query) {
        try (HeldSegments held = hold(system, collection)) {
            Segment segment = held.segments().getFirst();
            RowSet most = RowSet.all(segment.rowCount());
            RowSearch search = new RowSearch(query, most, _ -> true, new NearestRows(5, row -> row), () -> false);
            return segment.index().plans(search).stream().anyMatch(SearchPlan.ByteScan.class::isInstance);
        }
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
            Eventually.await(
                    () -> system.compactor.stats().graphs().refused() > 0,
                    () -> system.compactor.stats().toString());
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
    void aBuildUnderWayIsGivenUpAtTheEndAndLeavesNothing() throws IOException {
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            addRows(system, arrows, 0, 20_000);
            Eventually.await(
                    () -> system.compactor.stats().graphs().running() != null,
                    () -> system.compactor.stats().toString());
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
