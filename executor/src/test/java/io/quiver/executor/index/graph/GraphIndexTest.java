package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The graph of rows with neighbour codes against exact search, and against damage. */
class GraphIndexTest {
    private static final int QUERIES = 100;

    private final Random random = Seeds.random("GraphIndexTest");
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({
        "SQUARED_L2, 2",
        "SQUARED_L2, 16",
        "SQUARED_L2, 128",
        "SQUARED_L2, 771",
        "COSINE, 16",
        "COSINE, 128",
        "COSINE, 768",
        "INNER_PRODUCT, 16",
        "INNER_PRODUCT, 128",
        "INNER_PRODUCT, 768"
    })
    void findsNearlyEveryNeighbour(Metric metric, int dimension) {
        ClusteredRows source = new ClusteredRows(random, dimension);
        Part part = new Part(source.draw(4_000), metric, arena);
        GraphIndex graph = part.fresh();
        graph.verify();
        double recall = part.recall(graph, source.draw(QUERIES), Part.EF);
        System.out.printf("%s %d: recall %.4f%n", metric, dimension, recall);
        assertTrue(recall >= 0.98, "recall " + recall);
    }

    /** Two levels of entries begin at 4,000 nodes. */
    @Test
    void aWiderBeamFindsMore() {
        ClusteredRows source = new ClusteredRows(random, 64);
        Part part = new Part(source.draw(9_000), Metric.SQUARED_L2, arena);
        GraphIndex graph = part.fresh();
        float[][] queries = source.draw(2 * QUERIES);
        double narrow = part.recall(graph, queries, 10);
        double wide = part.recall(graph, queries, 400);
        assertTrue(wide >= 0.995, "recall " + wide);
        assertTrue(narrow < wide, "recall %.4f, wide %.4f".formatted(narrow, wide));
    }

    /** A beam of 200 has place for 200 nodes; once none of those ahead can be a hit, they are not looked at. */
    @Test
    void aWalkEndsWhenNothingAheadCanBeAHit() {
        ClusteredRows source = new ClusteredRows(random, 64);
        Part part = new Part(source.draw(9_000), Metric.SQUARED_L2, arena);
        GraphIndex graph = part.fresh();
        List<RowSearch> searches = Part.searches(200, source.draw(QUERIES));
        graph.search(searches, new RowRange(0, 9_000));
        double expanded = searches.stream()
                .mapToLong(search -> search.work().distances())
                .average()
                .orElseThrow();
        System.out.printf("a beam of 200 expanded %.0f nodes%n", expanded);
        assertTrue(expanded < 150, "expanded " + expanded);
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void answersTheSameAloneAsInABatch(Metric metric) {
        ClusteredRows source = new ClusteredRows(random, 48);
        Part part = new Part(source.draw(2_000), metric, arena);
        GraphIndex graph = part.fresh();
        float[][] queries = source.draw(QUERIES + 1);
        List<List<Integer>> together = part.find(graph, 40, queries);
        for (int i = 0; i < queries.length; i++) {
            assertEquals(together.get(i), part.find(graph, 40, queries[i]).getFirst());
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void theNumberOfThreadsDoesNotMatter(Metric metric) {
        Part part = new Part(new ClusteredRows(random, 40).draw(3_000), metric, arena);
        MemorySegment alone = part.build(BuildWorkers.ONE);
        MemorySegment together = part.build(new Threads(3));
        assertEquals(-1, alone.mismatch(together));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 31, 32, 33, 100})
    void findsEveryRowOfASmallSegment(int count) {
        float[][] embeddings = count == 0 ? new float[][] {} : new ClusteredRows(random, 16).draw(count);
        Part part = new Part(embeddings, 16, Metric.SQUARED_L2, arena);
        GraphIndex graph = part.fresh();
        graph.verify();
        float[][] queries = Seeds.embeddings(random, 5, 16);
        for (List<Integer> found : part.find(graph, Part.EF, queries)) {
            assertEquals(Math.min(Part.K, count), found.size());
        }
        assertEquals(List.of(), part.lost(graph));
    }

    @Test
    void rowsThatAreAllAlikeAreFound() {
        float[][] embeddings = new float[1_000][];
        Arrays.fill(embeddings, Seeds.embedding(random, 24));
        for (Metric metric : Metric.values()) {
            Part part = new Part(embeddings, metric, arena);
            GraphIndex graph = part.fresh();
            graph.verify();
            assertEquals(
                    Part.K, part.find(graph, Part.EF, embeddings[0]).getFirst().size());
        }
    }

    /**
     * A tenth of the rows has no length, as many as a search has places. For cosine all of them are equally far from
     * every query: one that is unlike all rows may find its beam full of them, so this looks at the mean of several
     * graphs.
     */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void rowsWithoutLengthDoNoHarm(Metric metric) {
        double alike = 0;
        double unlike = 0;
        int graphs = 8;
        for (int i = 0; i < graphs; i++) {
            ClusteredRows rows = new ClusteredRows(random, 24);
            float[][] embeddings = rows.draw(1_000);
            for (int row = 0; row < embeddings.length; row += 10) {
                embeddings[row] = new float[24];
            }
            Part part = new Part(embeddings, metric, arena);
            GraphIndex graph = part.fresh();
            graph.verify();
            alike += part.recall(graph, rows.draw(20), Part.EF) / graphs;
            unlike += part.recall(graph, new ClusteredRows(random, 24).draw(20), Part.EF) / graphs;
        }
        assertTrue(alike >= 0.95, metric + ": recall " + alike);
        assertTrue(unlike >= 0.9, metric + ": recall of queries unlike all rows " + unlike);
    }

    @Test
    void everyNodeIsNamedByOthers() {
        Part part = new Part(new ClusteredRows(random, 32).draw(5_000), Metric.SQUARED_L2, arena);
        GraphIndex graph = part.fresh();
        int[] named = new int[part.count()];
        for (int node = 0; node < part.count(); node++) {
            for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
                named[graph.layout().neighbor(graph.image(), node, slot)]++;
            }
        }
        assertTrue(Arrays.stream(named).min().orElse(0) > 0, "a node that none names");
        assertEquals(List.of(), part.lost(graph));
    }

    @Test
    void refusesAnImageOfOtherRows() {
        Part part = new Part(new ClusteredRows(random, 16).draw(100), Metric.COSINE, arena);
        MemorySegment image = part.build(BuildWorkers.ONE);
        Part fewer = new Part(Arrays.copyOf(part.embeddings, 99), Metric.COSINE, arena);
        assertThrows(IllegalArgumentException.class, () -> fewer.open(image));
        Part otherMetric = new Part(part.embeddings, Metric.SQUARED_L2, arena);
        assertThrows(IllegalArgumentException.class, () -> otherMetric.open(image));
    }

    @Test
    void codesOfOtherRowsAreFound() {
        MemorySegment image =
                new Part(new ClusteredRows(random, 64).draw(500), Metric.COSINE, arena).build(BuildWorkers.ONE);
        GraphIndex graph = new Part(Seeds.embeddings(random, 500, 64), Metric.COSINE, arena).open(image);
        assertThrows(IllegalArgumentException.class, graph::verify);
    }

    /** One bit of a code is rounding, for the check; what it must see is a slot or a byte that says something else. */
    @Test
    void damageToLinksBytesAndCodesIsFound() {
        Part part = new Part(new ClusteredRows(random, 128).draw(500), Metric.INNER_PRODUCT, arena);
        MemorySegment image = part.build(BuildWorkers.ONE);
        GraphIndex graph = part.open(image);
        GraphLayout layout = graph.layout();
        for (int i = 0; i < 50; i++) {
            long row = layout.row(random.nextInt(500));
            assertSeen(graph, row + GraphLayout.ROW_AT, 1 << random.nextInt(8));
            assertSeen(graph, row + GraphLayout.BYTES_AT + random.nextInt(layout.codeDimension()), 0x40);
            assertSeen(graph, row + layout.idsAt() + 4L * random.nextInt(GraphLayout.DEGREE) + 3, 0x40);
        }
        byte[] before = image.toArray(ValueLayout.JAVA_BYTE);
        image.asSlice(layout.row(3) + layout.codesAt(), 256).fill((byte) 0x55);
        assertThrows(IllegalArgumentException.class, graph::verify);
        image.copyFrom(MemorySegment.ofArray(before));
        graph.verify();
        assertArrayEquals(before, image.toArray(ValueLayout.JAVA_BYTE));
    }

    private static void assertSeen(GraphIndex graph, long at, int mask) {
        MemorySegment image = graph.image();
        byte before = image.get(ValueLayout.JAVA_BYTE, at);
        image.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ mask));
        assertThrows(IllegalArgumentException.class, graph::verify, "byte " + at);
        image.set(ValueLayout.JAVA_BYTE, at, before);
    }
}
