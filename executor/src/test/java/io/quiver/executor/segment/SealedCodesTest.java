package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealedCodesTest {
    private static final int DIMENSION = 64;
    private static final UUID NAME = new UUID(1, 2);
    private static final String CODES = SegmentFixture.DIRECTORY + "/codes.qb";
    private static final String GRAPH = SegmentFixture.DIRECTORY + "/graph.qg";

    @TempDir
    Path directory;

    private final OffHeapBudget budget = new OffHeapBudget(64 << 20);
    private final Random random = new Random(11);
    private SimulatedStorage storage = new SimulatedStorage();
    private Manifest.Segment written = new Manifest.Segment(NAME.toString(), 0, 0, null, 0);

    @Test
    void aSegmentIsSearchedByTheCodesOfItsFileOnceItIsWarm() throws IOException {
        SealedSegment segment = segment(5_000);
        List<float[]> queries = List.of(embedding(), embedding(), embedding());
        List<String> exact = SegmentFixture.nearest(segment, queries, 1);
        long atRest = budget.usedBytes();
        assertInstanceOf(FlatIndex.class, segment.index());
        segment.warm(() -> false);
        assertInstanceOf(BlockedIndex.class, segment.index());
        assertEquals(exact, SegmentFixture.nearest(segment, queries, 1));
        assertEquals(atRest, budget.usedBytes(), "codes are mapped, and not in memory once more");
        segment.verify();
        segment.release();
        assertEquals(0, budget.usedBytes());
    }

    /** As servers wrote them that kept no codes. */
    @Test
    void aSegmentWithoutAFileOfCodesIsSearchedByCodesMadeWhenItIsWarmed() throws IOException {
        SealedSegment segment = withoutCodes(segment(5_000));
        List<float[]> queries = List.of(embedding(), embedding(), embedding());
        List<String> exact = SegmentFixture.nearest(segment, queries, 1);
        segment.warm(() -> false);
        assertInstanceOf(BlockedIndex.class, segment.index());
        assertEquals(BlockedCodes.sizeBytes(DIMENSION, 5_000), budget.bytes(Owner.CODES));
        assertEquals(exact, SegmentFixture.nearest(segment, queries, 1));
        var index = segment.index();
        segment.warm(() -> false);
        assertSame(index, segment.index());
        segment.verify();
        segment.release();
        assertEquals(0, budget.usedBytes());
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void codesOfTheFileFindWhatCodesMadeOfTheEmbeddingsFind(Metric metric) throws IOException {
        SealedSegment segment = segment(4_200, metric);
        List<float[]> queries = Stream.generate(this::embedding).limit(20).toList();
        segment.warm(() -> false);
        List<String> found = SegmentFixture.nearest(segment, queries, 10);
        segment.verify();
        segment = withoutCodes(segment);
        segment.warm(() -> false);
        assertEquals(SegmentFixture.nearest(segment, queries, 10), found);
        segment.release();
    }

    @Test
    void damagedCodesCostNoAnswerAndAreSaidToBeDamaged() throws IOException {
        SealedSegment sound = segment(4_100);
        List<float[]> queries = List.of(embedding(), embedding());
        List<String> exact = SegmentFixture.nearest(sound, queries, 3);
        sound.release();
        byte[] whole = storage.bytes(CODES);
        for (int i = 0; i < whole.length; i += i < FileHeader.BYTES ? 97 : 1_009) {
            byte[] bytes = whole.clone();
            bytes[i] ^= (byte) (1 + random.nextInt(255));
            assertDoesWithout(bytes, queries, exact, "byte " + i);
        }
        for (int length : new int[] {0, 100, FileHeader.BYTES, whole.length / 2, whole.length - 1}) {
            assertDoesWithout(Arrays.copyOf(whole, length), queries, exact, "cut at " + length);
        }
        assertEquals(0, budget.usedBytes());
    }

    private void assertDoesWithout(byte[] codes, List<float[]> queries, List<String> exact, String what)
            throws IOException {
        storage.overwrite(CODES, codes);
        SealedSegment segment = reopened();
        segment.warm(() -> false);
        assertEquals(exact, SegmentFixture.nearest(segment, queries, 3), what);
        assertTrue(budget.bytes(Owner.CODES) > 0, what + ": made again, in memory");
        assertThrows(CorruptSegmentException.class, segment::verify, what);
        segment.release();
    }

    /** The checksums of a file say nothing of whose codes it has. */
    @Test
    void codesOfOtherEmbeddingsAreFoundByTheCheck() throws IOException {
        segment(4_096).release();
        byte[] ours = storage.bytes(CODES);
        SealedSegment other = segment(4_096);
        other.verify();
        other.release();
        storage.overwrite(CODES, ours);
        SealedSegment mixed = reopened();
        String said = String.valueOf(
                assertThrows(CorruptSegmentException.class, mixed::verify).getMessage());
        assertTrue(said.contains("codes.qb"), said);
        mixed.release();
    }

    /** The scrubber reads them while searches use them. */
    @Test
    void codesThatAreDamagedWhileTheyAreUsedAreLeft() throws IOException {
        Storage disk = DiskStorage.open(directory);
        Manifest.Segment entry = SegmentFixture.write(disk, NAME, Metric.SQUARED_L2, records(4_100), budget);
        SealedSegment segment = SegmentFixture.open(disk, Metric.SQUARED_L2, DIMENSION, entry, budget);
        List<float[]> queries = List.of(embedding());
        List<String> exact = SegmentFixture.nearest(segment, queries, 3);
        segment.warm(() -> false);
        assertInstanceOf(BlockedIndex.class, segment.index());
        try (FileChannel file = FileChannel.open(directory.resolve(CODES), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[64]), FileHeader.BYTES + 10_000);
        }
        segment.compareChecksums(ReadPace.UNBOUNDED);
        assertInstanceOf(FlatIndex.class, segment.index());
        assertEquals(exact, SegmentFixture.nearest(segment, queries, 3));
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
        SealedSegment segment = withoutCodes(segment(5_000));
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
    void aStartSearchesByCodesUntilTheGraphHasBeenRead() throws IOException {
        SealedSegment segment = withGraph();
        segment.compareAtOpening();
        assertTrue(segment.hasGraph());
        assertInstanceOf(BlockedIndex.class, segment.index());
        segment.warm(() -> true);
        assertInstanceOf(BlockedIndex.class, segment.index());
        segment.warm(() -> false);
        assertInstanceOf(PlannedIndex.class, segment.index());
        assertTrue(budget.bytes(Owner.GRAPH) > 0);
        segment.release();
    }

    @Test
    void aStartWalksTheGraphInItsFileWhereMemoryIsShort() throws IOException {
        SealedSegment segment = withGraph();
        segment.compareAtOpening();
        long others = budget.limitBytes() - budget.usedBytes() - 10_000;
        budget.reserve(Owner.DELTA, others);
        segment.warm(() -> false);
        assertInstanceOf(PlannedIndex.class, segment.index());
        assertEquals(0, budget.bytes(Owner.GRAPH));
        budget.release(Owner.DELTA, others);
        segment.release();
    }

    @Test
    void aStartNeverWalksADamagedGraph() throws IOException {
        withGraph().release();
        byte[] graph = storage.bytes(GRAPH);
        graph[graph.length / 2] ^= 1;
        storage.overwrite(GRAPH, graph);
        SealedSegment byCodes = reopened();
        byCodes.compareAtOpening();
        assertInstanceOf(BlockedIndex.class, byCodes.index());
        byCodes.warm(() -> false);
        assertFalse(byCodes.hasGraph(), "it is to be built again");
        assertInstanceOf(BlockedIndex.class, byCodes.index());
        SealedSegment byRows = withoutCodes(byCodes);
        byRows.compareAtOpening();
        assertFalse(byRows.hasGraph(), "without codes there is nothing to search by meanwhile, so it is read at once");
        byRows.release();
    }

    private SealedSegment withGraph() throws IOException {
        SealedSegment segment = segment(4_200);
        try (Arena arena = Arena.ofShared()) {
            BuiltGraph graph = Graphs.build(segment, arena);
            GraphFiles.write(storage, SegmentFixture.DIRECTORY, NAME, DIMENSION, 4_200, graph);
        }
        segment.release();
        return reopened();
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
        SealedSegment segment = withoutCodes(segment(5_000));
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
        return segment(rows, Metric.SQUARED_L2);
    }

    private SealedSegment segment(int rows, Metric metric) throws IOException {
        storage = new SimulatedStorage();
        written = SegmentFixture.write(storage, NAME, metric, records(rows), budget);
        return SegmentFixture.open(storage, metric, DIMENSION, written, budget);
    }

    private List<VectorRecord> records(int rows) {
        List<VectorRecord> records = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            records.add(new VectorRecord("r" + row, Embedding.of(embedding()), null, null, Metadata.EMPTY));
        }
        return records;
    }

    private SealedSegment withoutCodes(SealedSegment segment) throws IOException {
        Metric metric = segment.index().metric();
        segment.release();
        storage.delete(CODES);
        return SegmentFixture.open(storage, metric, DIMENSION, written, budget);
    }

    private SealedSegment reopened() throws IOException {
        return SegmentFixture.open(storage, Metric.SQUARED_L2, DIMENSION, written, budget);
    }

    private float[] embedding() {
        float[] embedding = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            embedding[i] = (float) random.nextGaussian();
        }
        return embedding;
    }
}
