package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.blocked.BlockedCodes;
import io.quiver.executor.index.blocked.BlockedIndex;
import io.quiver.executor.index.plan.PlannedIndex;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class SealedCodesTest {
    private static final int DIMENSION = 64;
    private static final UUID NAME = new UUID(1, 2);

    private final OffHeapBudget budget = new OffHeapBudget(64 << 20);
    private final Random random = new Random(11);
    private SimulatedStorage storage = new SimulatedStorage();

    @Test
    void aSegmentWithoutAGraphIsSearchedByCodesOnceItIsWarm() throws IOException {
        SealedSegment segment = segment(5_000);
        List<float[]> queries = List.of(embedding(), embedding(), embedding());
        List<String> exact = SegmentFixture.nearest(segment, queries, 1);
        assertInstanceOf(FlatIndex.class, segment.index());
        segment.warm(() -> false);
        assertInstanceOf(BlockedIndex.class, segment.index());
        assertTrue(budget.bytes(Owner.CODES) > 5_000 * DIMENSION / 8);
        assertEquals(exact, SegmentFixture.nearest(segment, queries, 1));
        var index = segment.index();
        segment.warm(() -> false);
        assertSame(index, segment.index());
        segment.release();
        assertEquals(0, budget.usedBytes());
    }

    /** For filters that accept too few rows for a walk and too many for a scan. */
    @Test
    void aSegmentHasCodesBesideItsGraphButNotBesideACompactOne() throws IOException {
        assertEquals(BlockedCodes.sizeBytes(DIMENSION, 5_000), codesBesideGraph(Graphs::build));
        assertEquals(0, codesBesideGraph(Graphs::compact));
    }

    private long codesBesideGraph(BiFunction<Segment, SegmentAllocator, BuiltGraph> building) throws IOException {
        SealedSegment segment = segment(5_000);
        try (Arena arena = Arena.ofShared()) {
            BuiltGraph graph = building.apply(segment, arena);
            GraphFiles.write(storage, SegmentFixture.DIRECTORY, NAME, DIMENSION, 5_000, graph);
        }
        segment.warm(() -> false);
        assertInstanceOf(PlannedIndex.class, segment.index());
        long bytes = budget.bytes(Owner.CODES);
        segment.release();
        assertEquals(0, budget.usedBytes());
        return bytes;
    }

    @Test
    void aFewRowsAreScanned() throws IOException {
        SealedSegment segment = segment(1_500);
        segment.warm(() -> false);
        assertInstanceOf(FlatIndex.class, segment.index());
        segment.release();
    }

    @Test
    void aSegmentIsScannedWhereMemoryIsShortOrEncodingIsGivenUp() throws IOException {
        SealedSegment segment = segment(5_000);
        segment.warm(() -> true);
        assertInstanceOf(FlatIndex.class, segment.index());
        long others = budget.limitBytes() - budget.usedBytes() - 10_000;
        budget.reserve(Owner.DELTA, others);
        segment.warm(() -> false);
        assertInstanceOf(FlatIndex.class, segment.index());
        assertEquals(0, budget.bytes(Owner.CODES));
        budget.release(Owner.DELTA, others);
        segment.release();
        assertEquals(0, budget.usedBytes());
    }

    private SealedSegment segment(int rows) throws IOException {
        List<VectorRecord> records = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            records.add(new VectorRecord("r" + row, Embedding.of(embedding()), null, null, Metadata.EMPTY));
        }
        storage = new SimulatedStorage();
        Manifest.Segment entry = SegmentFixture.write(storage, NAME, Metric.SQUARED_L2, records, budget);
        return SegmentFixture.open(storage, Metric.SQUARED_L2, DIMENSION, entry, budget);
    }

    private float[] embedding() {
        float[] embedding = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            embedding[i] = (float) random.nextGaussian();
        }
        return embedding;
    }
}
