package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.index.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the rows and the query are like, the bytes lead to the very hits that looking at every row gives. */
class ByteIndexTest {
    private static final int ROWS = 1_500;
    private static final int QUERIES = 30;

    @ParameterizedTest
    @EnumSource(Shape.class)
    void findsWhatTheExactScanFinds(Shape shape) {
        Random random = Seeds.random("findsWhatTheExactScanFinds " + shape);
        for (Metric metric : Metric.values()) {
            for (int dimension : new int[] {3, 64, 200, 500}) {
                compare(random, metric, shape.rows(random, ROWS, dimension));
            }
        }
    }

    /** Lengths of which the squares are beyond a float, or next to nothing, beside usual ones. */
    @Test
    void findsWhatTheExactScanFindsAmongRowsOfAllLengths() {
        Random random = Seeds.random("findsWhatTheExactScanFindsAmongRowsOfAllLengths");
        for (Metric metric : Metric.values()) {
            float[][] rows = Shape.CLUSTERED.rows(random, ROWS, 100);
            for (float[] row : rows) {
                scale(row, random.nextInt(4) > 0 ? 1 : (float) Math.pow(10, random.nextInt(-30, 31)));
            }
            compare(random, metric, rows);
        }
    }

    /**
     * Rows near one line say nothing of queries that are far from all of them in one component, of which a rotation may
     * make something that signs say little of: 960 dimensions are spread least evenly.
     */
    @Test
    void findsWhatTheExactScanFindsForQueriesUnlikeTheRows() {
        Random random = Seeds.random("findsWhatTheExactScanFindsForQueriesUnlikeTheRows");
        float[] way = Seeds.embedding(random, 960);
        float[][] rows = new float[ROWS][];
        for (int row = 0; row < ROWS; row++) {
            rows[row] = way.clone();
            scale(rows[row], (float) random.nextGaussian());
        }
        try (Arena arena = Arena.ofConfined()) {
            ChunkedRows chunked = rows(arena, rows);
            ByteIndex index = index(Metric.SQUARED_L2, chunked, arena);
            FlatIndex exact = new FlatIndex(Metric.SQUARED_L2, chunked);
            for (int component = 0; component < 960; component += 8) {
                float[] query = rows[random.nextInt(ROWS)].clone();
                query[component] += 100;
                compare(random, index, exact, query);
            }
        }
    }

    /** Differences of rows are then what single precision leaves of them. */
    @Test
    void findsWhatTheExactScanFindsAmongRowsThatAreNearlyAlike() {
        Random random = Seeds.random("findsWhatTheExactScanFindsAmongRowsThatAreNearlyAlike");
        for (Metric metric : Metric.values()) {
            float[][] rows = Seeds.embeddings(random, ROWS, 600);
            for (float[] row : rows) {
                scale(row, 1e-4f);
                for (int i = 0; i < row.length; i++) {
                    row[i] += 1 + i % 3;
                }
            }
            compare(random, metric, rows);
        }
    }

    /** As forks do, whose files are mapped again for each of them. */
    @Test
    void findsTheSameOfTheSameRowsElsewhere() {
        Random random = Seeds.random("findsTheSameOfTheSameRowsElsewhere");
        float[][] embeddings = Shape.CLUSTERED.rows(random, ROWS, 500);
        for (Metric metric : Metric.values()) {
            try (Arena arena = Arena.ofConfined()) {
                ChunkedRows others = rows(arena, embeddings);
                ByteIndex index;
                try (Arena first = Arena.ofConfined()) {
                    index = index(metric, rows(first, embeddings), arena);
                }
                for (int i = 0; i < QUERIES; i++) {
                    compare(random, index.withRows(others), new FlatIndex(metric, others), query(random, embeddings));
                }
            }
        }
    }

    @Test
    void computesFewDistances() {
        Random random = Seeds.random("computesFewDistances");
        float[][] embeddings = new ClusteredRows(random, 256).draw(ROWS);
        try (Arena arena = Arena.ofConfined()) {
            RowSet third = some(random, 0.3);
            long computed = 0;
            for (Metric metric : Metric.values()) {
                ByteIndex index = index(metric, rows(arena, embeddings), arena);
                for (int i = 0; i < QUERIES; i++) {
                    RowSearch search = search(embeddings[random.nextInt(ROWS)], third, _ -> true, 10);
                    index.search(List.of(search), all());
                    assertEquals(third.count(), search.work().estimates());
                    computed += search.work().distances();
                }
            }
            int searches = QUERIES * Metric.values().length;
            System.out.printf("%d of %d distances a search%n", computed / searches, third.count());
            assertTrue(computed < searches * third.count() / 4, () -> "of " + third.count() + " rows");
        }
    }

    private static void compare(Random random, Metric metric, float[][] embeddings) {
        try (Arena arena = Arena.ofConfined()) {
            ChunkedRows rows = rows(arena, embeddings);
            ByteIndex index = index(metric, rows, arena);
            FlatIndex exact = new FlatIndex(metric, rows);
            for (int i = 0; i < QUERIES; i++) {
                compare(random, index, exact, query(random, embeddings));
            }
            compare(random, index, exact, new float[embeddings[0].length]);
        }
    }

    private static void compare(Random random, ByteIndex index, FlatIndex exact, float[] query) {
        RowSet accepted = some(random, random.nextDouble());
        RowSet live = some(random, 0.9);
        int k = 1 + random.nextInt(40);
        RowSearch byBytes = search(query, accepted, live::contains, k);
        RowSearch byRows = search(query, accepted, live::contains, k);
        index.search(List.of(byBytes), all());
        exact.search(List.of(byRows), all());
        byBytes.hits().sort();
        byRows.hits().sort();
        assertEquals(byRows.hits().size(), byBytes.hits().size());
        for (int i = 0; i < byRows.hits().size(); i++) {
            assertEquals(byRows.hits().distance(i), byBytes.hits().distance(i), "distance of hit " + i);
            assertEquals(byRows.hits().row(i), byBytes.hits().row(i), "hit " + i);
        }
    }

    private static float[] query(Random random, float[][] embeddings) {
        float[] query = embeddings[random.nextInt(ROWS)].clone();
        float noise = random.nextInt(3) * 0.3f;
        for (int i = 0; i < query.length; i++) {
            query[i] += noise * (float) random.nextGaussian();
        }
        return query;
    }

    private static void scale(float[] row, float factor) {
        for (int i = 0; i < row.length; i++) {
            row[i] *= factor;
        }
    }

    private static RowSearch search(float[] query, RowSet candidates, IntPredicate isLive, int k) {
        return new RowSearch(query, candidates, isLive, new NearestRows(k, row -> row), () -> false);
    }

    private static ByteIndex index(Metric metric, ChunkedRows rows, Arena arena) {
        MemorySegment image = GraphBuilder.build(
                rows, ROWS, metric, GraphParameters.DEFAULT, BuildWorkers.ONE, BuildProgress.NONE, arena);
        return GraphIndex.open(image, rows, ROWS, metric).byBytes(arena);
    }

    private static ChunkedRows rows(Arena arena, float[][] embeddings) {
        return new ChunkedRows(arena, embeddings, embeddings[0].length, 700, 0);
    }

    private static RowSet some(Random random, double share) {
        RowSet some = RowSet.none(ROWS);
        for (int row = 0; row < ROWS; row++) {
            if (random.nextDouble() < share) {
                some.add(row);
            }
        }
        return some;
    }

    private static RowRange all() {
        return new RowRange(0, ROWS);
    }
}
