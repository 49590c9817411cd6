package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.index.VectorIndex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactIndexTest {
    private static final int K = 10;
    private static final int QUERIES = 50;

    private final Random random = Seeds.random("CompactIndexTest");
    private final Arena arena = Arena.ofShared();
    private int rowCount;
    private ChunkedRows rows = new ChunkedRows(arena, new float[0][], 1, 1, 0);
    private float[][] queries = {};

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({
        "SQUARED_L2, 16", "SQUARED_L2, 128", "SQUARED_L2, 768",
        "COSINE, 16", "COSINE, 128", "COSINE, 768",
        "INNER_PRODUCT, 16", "INNER_PRODUCT, 128", "INNER_PRODUCT, 768"
    })
    void findsNearlyEveryNeighbour(Metric metric, int dimension) {
        CompactIndex index = open(metric, dimension, 4_000);
        double recall = recall(index, metric, null);
        System.out.printf("%s %d: recall %.3f%n", metric, dimension, recall);
        assertTrue(recall >= 0.95, "recall " + recall);
    }

    private CompactIndex open(Metric metric, int dimension, int count) {
        return CompactIndex.open(image(metric, dimension, count), rows, rowCount, metric);
    }

    private MemorySegment image(Metric metric, int dimension, int count) {
        ClusteredRows source = new ClusteredRows(random, dimension);
        rowCount = count;
        rows = new ChunkedRows(arena, source.draw(count), dimension, 1 << 12, 0);
        queries = source.draw(QUERIES);
        GraphParameters quick = new GraphParameters(60, 7);
        MemorySegment graph =
                GraphBuilder.build(rows, count, metric, quick, BuildWorkers.ONE, BuildProgress.NONE, arena);
        return CompactBuilder.build(graph, rows, BuildWorkers.ONE, arena);
    }

    private double recall(VectorIndex index, Metric metric, @Nullable RowSet filter) {
        List<RowSearch> found = search(index, filter);
        List<RowSearch> nearest = search(new FlatIndex(metric, rows), filter);
        int right = 0;
        for (int i = 0; i < QUERIES; i++) {
            right += right(found.get(i).hits(), nearest.get(i).hits());
        }
        return right / (double) (K * QUERIES);
    }

    private static int right(NearestRows found, NearestRows nearest) {
        int right = 0;
        for (int i = 0; i < found.size(); i++) {
            right += found.distance(i) <= nearest.distance(K - 1) ? 1 : 0;
        }
        return right;
    }

    private List<RowSearch> search(VectorIndex index, @Nullable RowSet filter) {
        List<RowSearch> searches = new ArrayList<>();
        for (float[] query : queries) {
            NearestRows hits = new NearestRows(K, row -> row);
            searches.add(new RowSearch(query, filter, _ -> true, hits, () -> false, 100));
        }
        index.search(searches, new RowRange(0, rowCount));
        searches.forEach(search -> search.hits().sort());
        return searches;
    }

    @Test
    void findsWhatAFilterAccepts() {
        CompactIndex index = open(Metric.COSINE, 128, 4_000);
        RowSet filter = RowSet.none(rowCount);
        for (int row = 0; row < rowCount; row += 3) {
            filter.add(row);
        }
        for (RowSearch search : search(index, filter)) {
            for (int i = 0; i < search.hits().size(); i++) {
                assertEquals(0, search.hits().row(i) % 3);
            }
        }
        assertTrue(recall(index, Metric.COSINE, filter) >= 0.95);
    }

    @Test
    void answersTheSameAloneAsInABatch() {
        CompactIndex index = open(Metric.SQUARED_L2, 128, 2_000);
        List<RowSearch> batch = search(index, null);
        for (int i = 0; i < QUERIES; i++) {
            NearestRows alone = new NearestRows(K, row -> row);
            index.search(
                    List.of(new RowSearch(queries[i], null, _ -> true, alone, () -> false, 100)),
                    new RowRange(0, rowCount));
            alone.sort();
            for (int j = 0; j < K; j++) {
                assertEquals(batch.get(i).hits().row(j), alone.row(j));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SQUARED_L2, 128",
        "COSINE, 128",
        "INNER_PRODUCT, 128",
        "SQUARED_L2, 200",
        "COSINE, 768",
        "INNER_PRODUCT, 784"
    })
    void takesAtMostAQuarterOfTheEmbeddings(Metric metric, int dimension) {
        int count = 20_000;
        int codeDimension = CodeSpace.codeDimension(metric, dimension);
        CompactLayout layout = CompactLayout.of(dimension, codeDimension, count, 512);
        double share = layout.sizeBytes() / ((double) count * dimension * Float.BYTES);
        assertTrue(share <= 0.25, "%d neighbours: %.4f".formatted(layout.degree(), share));
    }

    @Test
    void anEmptySegmentHasNoHits() {
        assertEquals(
                0, search(open(Metric.COSINE, 128, 0), null).getFirst().hits().size());
    }

    @Test
    void findsEveryRowOfASmallSegment() {
        CompactIndex index = open(Metric.SQUARED_L2, 16, 7);
        assertEquals(7, search(index, null).getFirst().hits().size());
    }

    @Test
    void refusesAnImageOfOtherRows() {
        MemorySegment image = image(Metric.COSINE, 16, 100);
        assertThrows(IllegalArgumentException.class, () -> CompactIndex.open(image, rows, 99, Metric.COSINE));
        assertThrows(IllegalArgumentException.class, () -> CompactIndex.open(image, rows, 100, Metric.SQUARED_L2));
    }

    @Test
    void aFlippedBitIsFound() {
        MemorySegment image = image(Metric.INNER_PRODUCT, 128, 500);
        CompactIndex index = CompactIndex.open(image, rows, rowCount, Metric.INNER_PRODUCT);
        index.verify();
        for (int i = 0; i < 200; i++) {
            long at = 64 + random.nextLong(image.byteSize() - 64);
            int bit = 1 << random.nextInt(8);
            flip(image, at, bit);
            assertThrows(IllegalArgumentException.class, index::verify, "byte " + at);
            flip(image, at, bit);
        }
        index.verify();
    }

    @Test
    void codesOfOtherRowsAreFound() {
        MemorySegment image = image(Metric.COSINE, 128, 500);
        ChunkedRows others = new ChunkedRows(arena, Seeds.embeddings(random, 500, 128), 128, 500, 0);
        CompactIndex index = CompactIndex.open(image, others, rowCount, Metric.COSINE);
        var damage = assertThrows(IllegalArgumentException.class, index::verify);
        assertTrue(String.valueOf(damage.getMessage()).startsWith("node 0: "), damage.toString());
    }

    private static void flip(MemorySegment image, long at, int bit) {
        image.set(ValueLayout.JAVA_BYTE, at, (byte) (image.get(ValueLayout.JAVA_BYTE, at) ^ bit));
    }
}
