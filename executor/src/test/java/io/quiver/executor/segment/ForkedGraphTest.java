package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.SearchPlan;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fork of a million records does not bring another copy of their graph. */
class ForkedGraphTest {
    private static final int DIMENSION = 512;
    private static final int ROWS = 2_000;

    private final OffHeapBudget budget = new OffHeapBudget(1L << 30);
    private final LocalSegmentStore store = new LocalSegmentStore(new SimulatedStorage(), budget);
    private final CollectionId collection = CollectionId.random();
    private final CollectionId fork = CollectionId.random();
    private SealedSegment original;
    private Manifest.Segment entry;

    @BeforeEach
    void writeSegment() throws IOException {
        entry = SegmentFixture.write(
                store, collection, Metric.COSINE, Records.random(new Random(5), ROWS, DIMENSION, 0));
        original = store.open(collection, Metric.COSINE, DIMENSION, entry);
    }

    @AfterEach
    void everythingWasGivenBack() {
        assertEquals(0, budget.usedBytes());
    }

    private void writeGraph() throws IOException {
        try (BuildMemory memory = store.buildMemory()) {
            store.writeGraph(collection, original, Graphs.build(original, memory));
        }
    }

    private SealedSegment linked() throws IOException {
        store.link(collection, List.of(original), fork);
        return store.open(fork, Metric.COSINE, DIMENSION, entry);
    }

    /** The files of the first are unmapped when the second is searched. */
    @Test
    void liesInMemoryOnceHoweverManyForksHaveIt() throws IOException {
        writeGraph();
        SealedSegment linked = linked();
        original.warm(() -> false);
        long once = budget.bytes(Owner.GRAPH);
        List<String> hits = byGraphAndBytes(original);
        linked.warm(() -> false);
        assertEquals(once, budget.bytes(Owner.GRAPH));
        original.release();
        assertEquals(once, budget.bytes(Owner.GRAPH));
        assertEquals(hits, byGraphAndBytes(linked));
        linked.release();
    }

    @Test
    void isCopiedAgainWhereForksHaveBuiltGraphsOfTheirOwn() throws IOException {
        SealedSegment linked = linked();
        writeGraph();
        try (BuildMemory memory = store.buildMemory()) {
            store.writeGraph(fork, linked, Graphs.compact(linked, memory));
        }
        original.warm(() -> false);
        long own = budget.bytes(Owner.GRAPH);
        linked.warm(() -> false);
        long both = budget.bytes(Owner.GRAPH);
        original.release();
        assertEquals(both - own, budget.bytes(Owner.GRAPH));
        linked.release();
    }

    private static List<String> byGraphAndBytes(Segment segment) {
        List<String> hits = new ArrayList<>();
        hits.addAll(hits(segment, null, SearchPlan.Graph.class));
        RowSet some = RowSet.none(ROWS);
        for (int row = 0; row < ROWS; row += 7) {
            some.add(row);
        }
        hits.addAll(hits(segment, some, SearchPlan.ByteScan.class));
        return hits;
    }

    private static List<String> hits(Segment segment, @Nullable RowSet accepted, Class<? extends SearchPlan> way) {
        float[] query = new float[DIMENSION];
        Arrays.fill(query, 1);
        NearestRows nearest = new NearestRows(10, segment::insertion);
        RowSearch search = new RowSearch(query, accepted, _ -> true, nearest, () -> false);
        segment.index().search(List.of(search), new RowRange(0, ROWS));
        assertInstanceOf(way, search.work().plan());
        nearest.sort();
        List<String> hits = new ArrayList<>();
        for (int i = 0; i < nearest.size(); i++) {
            hits.add(nearest.row(i) + " at " + nearest.distance(i));
        }
        return hits;
    }
}
