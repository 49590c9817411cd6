package io.quiver.executor.index.blocked;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockedIndexTest {
    private static final int TRIALS = 6;
    private static final double RECALL_MIN = 0.98;

    @ParameterizedTest
    @EnumSource(Shape.class)
    void findsNearlyAllThatTheExactScanFinds(Shape shape) {
        Random random = Seeds.random("findsNearlyAllThatTheExactScanFinds " + shape);
        for (Metric metric : Metric.values()) {
            Agreement agreement = new Agreement();
            for (int trial = 0; trial < TRIALS; trial++) {
                int dimension = random.nextBoolean() ? 2 + random.nextInt(15) : 64 + random.nextInt(150);
                float[][] embeddings = shape.rows(random, 4_096 + random.nextInt(4_000), dimension);
                compare(random, metric, embeddings, agreement);
            }
            assertTrue(agreement.recall() >= RECALL_MIN, "%s: recall %s".formatted(metric, agreement.recall()));
        }
    }

    /** A batch of searches with filters and deleted rows, over one range or several. */
    private static void compare(Random random, Metric metric, float[][] embeddings, Agreement agreement) {
        try (Arena arena = Arena.ofConfined()) {
            int count = embeddings.length;
            int dimension = embeddings[0].length;
            var rows = new ChunkedRows(arena, embeddings, dimension, 16 + random.nextInt(700), 0);
            BlockedIndex index = index(metric, rows, count, arena);
            List<RowSearch> searches = searches(random, embeddings);
            for (RowRange range : ranges(random, index, count)) {
                index.search(searches, range);
            }
            searches.forEach(search -> agreement.add(new FlatIndex(metric, rows), search, count));
        }
    }

    private static List<RowRange> ranges(Random random, BlockedIndex index, int count) {
        int middle = random.nextInt(count);
        return random.nextBoolean()
                ? index.divide(count, 3)
                : List.of(new RowRange(0, middle), new RowRange(middle, count));
    }

    private static List<RowSearch> searches(Random random, float[][] embeddings) {
        int count = embeddings.length;
        RowSet half = randomSet(random, count, 0.5);
        RowSet few = randomSet(random, count, 0.01);
        BitSet dead = new BitSet();
        IntStream.range(0, count / 10).forEach(_ -> dead.set(random.nextInt(count)));
        List<RowSearch> searches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RowSet candidates = random.nextInt(3) > 0 ? null : random.nextBoolean() ? half : few;
            IntPredicate isLive = random.nextBoolean() ? row -> !dead.get(row) : _ -> true;
            float[] query = near(random, embeddings[random.nextInt(count)]);
            searches.add(new RowSearch(query, candidates, isLive, hits(random.nextInt(40)), () -> false));
        }
        return searches;
    }

    private static float[] near(Random random, float[] row) {
        float[] query = row.clone();
        float noise = random.nextInt(3) * 0.4f;
        for (int i = 0; i < query.length; i++) {
            query[i] += noise * (float) random.nextGaussian();
        }
        return query;
    }

    @Test
    void takesTheFirstOfEqualRows() {
        for (Metric metric : Metric.values()) {
            float[][] embeddings = new float[5_000][64];
            for (float[] embedding : embeddings) {
                Arrays.fill(embedding, 0.37f);
            }
            assertEquals(List.of(0, 1, 2, 3), found(metric, embeddings, embeddings[0], 4));
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void findsSomethingAmongZeros(Metric metric) {
        assertEquals(List.of(0, 1, 2), found(metric, new float[4_096][70], new float[70], 3));
    }

    /** Floats at both ends of their range say nothing by codes, so such rows are all computed. */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void missesNothingAmongExtremes(Metric metric) {
        float[] extremes = {Float.MAX_VALUE, -Float.MAX_VALUE, 1e18f, 1, 0, 1e-30f, Float.MIN_VALUE, -1e25f};
        Random random = Seeds.random("missesNothingAmongExtremes " + metric);
        float[][] embeddings = new float[4_096][64];
        for (float[] embedding : embeddings) {
            float scale = extremes[random.nextInt(extremes.length)];
            for (int i = 0; i < embedding.length; i++) {
                embedding[i] = random.nextInt(4) == 0 ? scale * random.nextFloat() : scale;
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            var rows = new ChunkedRows(arena, embeddings, 64, 100, 0);
            BlockedIndex index = index(metric, rows, embeddings.length, arena);
            Agreement agreement = new Agreement();
            for (int i = 0; i < 60; i++) {
                RowSearch search = search(embeddings[random.nextInt(embeddings.length)], 10, RowSearch.EF_DEFAULT);
                index.search(List.of(search), new RowRange(0, embeddings.length));
                agreement.add(new FlatIndex(metric, rows), search, embeddings.length);
            }
            assertTrue(agreement.recall() >= RECALL_MIN, () -> "recall " + agreement.recall());
        }
    }

    @Test
    void findsEverythingWhereTheSearchIsToBeExact() {
        Random random = Seeds.random("findsEverythingWhereTheSearchIsToBeExact");
        float[][] embeddings = Seeds.embeddings(random, 6_000, 100);
        try (Arena arena = Arena.ofConfined()) {
            var rows = new ChunkedRows(arena, embeddings, 100, 64, 0);
            BlockedIndex index = index(Metric.SQUARED_L2, rows, 6_000, arena);
            Agreement agreement = new Agreement();
            for (int i = 0; i < 30; i++) {
                RowSearch search = search(Seeds.embedding(random, 100), 10, RowSearch.EXACT);
                index.search(List.of(search), new RowRange(0, 6_000));
                assertEquals(0, search.work().estimates());
                agreement.add(new FlatIndex(Metric.SQUARED_L2, rows), search, 6_000);
            }
            assertEquals(1, agreement.recall());
        }
    }

    @Test
    void missesLessTheWiderTheBeamIsAndComputesMore() {
        Random random = Seeds.random("missesLessTheWiderTheBeamIsAndComputesMore");
        float[][] embeddings = Seeds.embeddings(random, 8_192, 128);
        try (Arena arena = Arena.ofConfined()) {
            var rows = new ChunkedRows(arena, embeddings, 128, 8_192, 0);
            BlockedIndex index = index(Metric.COSINE, rows, 8_192, arena);
            long narrow = 0;
            long wide = 0;
            Agreement agreement = new Agreement();
            for (int i = 0; i < 50; i++) {
                float[] query = Seeds.embedding(random, 128);
                RowSearch usual = search(query, 10, RowSearch.EF_DEFAULT);
                RowSearch wider = search(query, 10, 2_000);
                index.search(List.of(usual, wider), new RowRange(0, 8_192));
                assertEquals(8_192, wider.work().estimates());
                narrow += usual.work().distances();
                wide += wider.work().distances();
                agreement.add(new FlatIndex(Metric.COSINE, rows), wider, 8_192);
            }
            assertTrue(narrow < wide && wide < 50 * 8_192L * 3 / 4, narrow + " " + wide);
            assertTrue(agreement.recall() >= 0.998, () -> "recall " + agreement.recall());
        }
    }

    @Test
    void hasSomethingToGiveWhenItIsStopped() {
        Random random = Seeds.random("hasSomethingToGiveWhenItIsStopped");
        float[][] embeddings = Seeds.embeddings(random, 8_192, 64);
        try (Arena arena = Arena.ofConfined()) {
            var rows = new ChunkedRows(arena, embeddings, 64, 8_192, 0);
            int[] asked = new int[1];
            RowSearch search =
                    new RowSearch(new float[64], null, _ -> true, hits(10), () -> asked[0]++ > 0, RowSearch.EF_DEFAULT);
            index(Metric.COSINE, rows, 8_192, arena).search(List.of(search), new RowRange(0, 8_192));
            assertEquals(10, search.hits().size());
            assertEquals(BlockLayout.CHUNK_ROWS, search.work().estimates());
        }
    }

    @Test
    void dividesIntoWholeChunksOnlyWhereThereAreMany() {
        try (Arena arena = Arena.ofConfined()) {
            BlockedIndex index = index(Metric.COSINE, new ChunkedRows(arena, new float[0][], 64, 16, 0), 0, arena);
            assertEquals(List.of(), index.divide(0, 4));
            assertEquals(List.of(new RowRange(0, 20_000)), index.divide(20_000, 4));
            List<RowRange> ranges = index.divide(100_001, 4);
            assertEquals(4, ranges.size());
            int from = 0;
            for (RowRange range : ranges) {
                assertEquals(from, range.from());
                assertEquals(0, from % BlockLayout.CHUNK_ROWS);
                from = range.to();
            }
            assertEquals(100_001, from);
        }
    }

    private static BlockedIndex index(Metric metric, ChunkedRows rows, int count, Arena arena) {
        BlockedCodes codes = new BlockedCodes(metric, rows, count, arena);
        codes.extend(count);
        return new BlockedIndex(codes);
    }

    private static List<Integer> found(Metric metric, float[][] embeddings, float[] query, int k) {
        try (Arena arena = Arena.ofConfined()) {
            var rows = new ChunkedRows(arena, embeddings, query.length, 100, 0);
            RowSearch search = search(query, k, RowSearch.EF_DEFAULT);
            index(metric, rows, embeddings.length, arena).search(List.of(search), new RowRange(0, embeddings.length));
            search.hits().sort();
            assertTrue(search.work().estimates() > 0);
            return IntStream.range(0, search.hits().size())
                    .mapToObj(search.hits()::row)
                    .toList();
        }
    }

    private static RowSearch search(float[] query, int k, int ef) {
        return new RowSearch(query, null, _ -> true, hits(k), () -> false, ef);
    }

    private static RowSet randomSet(Random random, int count, double share) {
        RowSet rows = RowSet.none(count);
        IntStream.range(0, count).filter(_ -> random.nextDouble() < share).forEach(rows::add);
        return rows;
    }

    private static NearestRows hits(int k) {
        return new NearestRows(k, row -> row);
    }
}
