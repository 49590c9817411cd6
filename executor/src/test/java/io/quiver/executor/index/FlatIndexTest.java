package io.quiver.executor.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlatIndexTest {
    private static final int TRIALS = 60;

    /** A batch with filters and deleted rows finds what each query finds alone, by looking at every row. */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void findsWhatLookingAtEveryRowFinds(Metric metric) {
        Random random = Seeds.random("findsWhatLookingAtEveryRowFinds " + metric);
        for (int trial = 0; trial < TRIALS; trial++) {
            boolean mayBeHalved = metric == Metric.SQUARED_L2 && random.nextInt(3) == 0;
            int dimension = 1 + random.nextInt(mayBeHalved ? 900 : 150);
            float[][] embeddings = Seeds.embeddings(random, random.nextInt(1_500), dimension);
            duplicate(random, embeddings);
            if (metric == Metric.SQUARED_L2) {
                scatter(random, embeddings);
            }
            try (Arena arena = Arena.ofConfined()) {
                int chunkRows = 16 + random.nextInt(700);
                Kernels kernels = random.nextBoolean() ? new VectorKernels() : new ScalarKernels();
                var rows = new ChunkedRows(arena, embeddings, dimension, chunkRows, 0);
                assertFindsAll(random, new FlatIndex(metric, rows, kernels), embeddings);
            }
        }
    }

    private static void duplicate(Random random, float[][] embeddings) {
        for (int i = 0; i < embeddings.length / 4; i++) {
            embeddings[random.nextInt(embeddings.length)] = embeddings[random.nextInt(embeddings.length)];
        }
    }

    /** So that many rows are far from any query, some of them by their first half alone. */
    private static void scatter(Random random, float[][] embeddings) {
        for (int i = 0; i < embeddings.length / 2; i++) {
            float[] embedding = embeddings[random.nextInt(embeddings.length)].clone();
            int end = random.nextBoolean() ? embedding.length : embedding.length / 2;
            for (int j = 0; j < end; j++) {
                embedding[j] *= 3;
            }
            embeddings[random.nextInt(embeddings.length)] = embedding;
        }
    }

    @Test
    void rowsThatAreFarByTheirFirstHalfAreNotLookedAtAsAWhole() {
        Random random = Seeds.random("rowsThatAreFarByTheirFirstHalfAreNotLookedAtAsAWhole");
        float[][] embeddings = Seeds.embeddings(random, 2_000, 784);
        for (int row = 0; row < embeddings.length; row++) {
            for (int i = 0; i < 392 && row % 10 > 0; i++) {
                embeddings[row][i] += 5;
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            FlatIndex index = new FlatIndex(Metric.SQUARED_L2, new ChunkedRows(arena, embeddings, 784, 1_000, 0));
            float[] query = Seeds.embedding(random, 784);
            RowSearch search = new RowSearch(query, null, row -> true, hits(10), () -> false);
            index.search(List.of(search), new RowRange(0, embeddings.length));
            assertNearest(index, embeddings, search);
            assertTrue(
                    search.work().distances() < 400,
                    () -> "looked at " + search.work().distances());
        }
    }

    private static void assertFindsAll(Random random, FlatIndex index, float[][] embeddings) {
        int count = embeddings.length;
        RowSet few = randomSet(random, count, 0.02);
        RowSet many = randomSet(random, count, 0.7);
        BitSet dead = new BitSet();
        IntStream.range(0, count / 10).forEach(i -> dead.set(random.nextInt(count)));
        IntPredicate isLive = row -> !dead.get(row);
        List<RowSearch> searches = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(7); i++) {
            RowSet candidates = random.nextBoolean() ? null : random.nextBoolean() ? few : many;
            float[] query = Seeds.embedding(random, index.dimension());
            searches.add(new RowSearch(query, candidates, isLive, hits(random.nextInt(30)), () -> false));
        }
        for (RowRange range : index.divide(count, 1 + random.nextInt(4))) {
            index.search(searches, range);
        }
        searches.forEach(search -> assertNearest(index, embeddings, search));
    }

    /** Each row that was left out is no nearer than the last hit, and each distance is the one of a lone row. */
    private static void assertNearest(FlatIndex index, float[][] embeddings, RowSearch search) {
        List<Integer> accepted = IntStream.range(0, embeddings.length)
                .filter(search.isLive())
                .filter(row ->
                        search.candidates() == null || search.candidates().contains(row))
                .boxed()
                .toList();
        NearestRows expected = hits(search.hits().k());
        for (int row : accepted) {
            NearestRows alone = hits(1);
            RowSet only = RowSet.none(embeddings.length);
            only.add(row);
            index.search(
                    List.of(new RowSearch(search.query(), only, any -> true, alone, () -> false)),
                    new RowRange(0, embeddings.length));
            double naive = NaiveDistance.of(index.metric(), embeddings[row], search.query());
            assertEquals(naive, alone.distance(0), 1e-5 * (1 + Math.abs(naive)));
            expected.offer(row, alone.distance(0));
        }
        expected.sort();
        search.hits().sort();
        assertEquals(expected.size(), search.hits().size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.row(i), search.hits().row(i));
            assertEquals(expected.distance(i), search.hits().distance(i), 0f);
        }
    }

    @Test
    void dividesIntoRangesThatCoverEveryRowOnce() {
        try (Arena arena = Arena.ofConfined()) {
            FlatIndex index = new FlatIndex(Metric.SQUARED_L2, new ChunkedRows(arena, new float[0][], 128, 64, 0));
            assertEquals(List.of(), index.divide(0, 4));
            assertEquals(List.of(new RowRange(0, 10)), index.divide(10, 4));
            for (int rowCount : new int[] {1, 511, 512, 513, 5_000, 1_000_000}) {
                List<RowRange> ranges = index.divide(rowCount, 3);
                assertTrue(ranges.size() <= 3);
                int from = 0;
                for (RowRange range : ranges) {
                    assertEquals(from, range.from());
                    assertEquals(0, from % 512);
                    from = range.to();
                }
                assertEquals(rowCount, from);
            }
        }
    }

    @Test
    void asksAboutLivenessOnlyOfWouldBeHits() {
        try (Arena arena = Arena.ofConfined()) {
            float[][] embeddings = new float[1_000][];
            for (int row = 0; row < embeddings.length; row++) {
                embeddings[row] = new float[] {row};
            }
            AtomicInteger asked = new AtomicInteger();
            IntPredicate isLive = row -> asked.incrementAndGet() > 0;
            new FlatIndex(Metric.SQUARED_L2, new ChunkedRows(arena, embeddings, 1, 1_000, 0))
                    .search(
                            List.of(new RowSearch(new float[] {0}, null, isLive, hits(3), () -> false)),
                            new RowRange(0, 1_000));
            assertEquals(3, asked.get());
        }
    }

    @Test
    void stopsWithinAThousandRows() {
        try (Arena arena = Arena.ofConfined()) {
            float[][] embeddings = Seeds.embeddings(new Random(1), 5_000, 2);
            AtomicInteger asked = new AtomicInteger();
            AtomicInteger seen = new AtomicInteger();
            RowSearch search = new RowSearch(
                    new float[2],
                    null,
                    row -> seen.incrementAndGet() > 0,
                    hits(5_000),
                    () -> asked.incrementAndGet() > 2);
            new FlatIndex(Metric.SQUARED_L2, new ChunkedRows(arena, embeddings, 2, 5_000, 0))
                    .search(List.of(search), new RowRange(0, 5_000));
            assertEquals(2 * 1_024, seen.get());
        }
    }

    /** Floats at both ends of their range: distances stay finite, and cosines right. */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void givesFiniteDistancesForEveryFiniteEmbedding(Metric metric) {
        float[] extremes = {Float.MAX_VALUE, -Float.MAX_VALUE, 1, -1, 0, 1e-30f, Float.MIN_VALUE, 1e25f};
        Random random = Seeds.random("givesFiniteDistancesForEveryFiniteEmbedding " + metric);
        float[][] embeddings = new float[400][20];
        for (float[] embedding : embeddings) {
            float scale = extremes[random.nextInt(extremes.length)];
            for (int i = 0; i < embedding.length; i++) {
                embedding[i] = random.nextInt(3) == 0 ? extremes[random.nextInt(extremes.length)] : scale;
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            FlatIndex index = new FlatIndex(metric, new ChunkedRows(arena, embeddings, 20, 100, 0));
            for (float[] query : embeddings) {
                NearestRows hits = hits(400);
                index.search(List.of(new RowSearch(query, null, row -> true, hits, () -> false)), new RowRange(0, 400));
                assertEquals(400, hits.size());
                for (int i = 0; i < 400; i++) {
                    double naive = NaiveDistance.of(metric, embeddings[hits.row(i)], query);
                    double finite = Math.clamp(naive, -Float.MAX_VALUE, Float.MAX_VALUE);
                    assertTrue(Float.isFinite(hits.distance(i)));
                    assertEquals(finite, hits.distance(i), metric == Metric.COSINE ? 1e-5 : 1e33);
                }
            }
        }
    }

    @Test
    void putsAnEmbeddingWithoutLengthAtCosineDistanceOne() {
        try (Arena arena = Arena.ofConfined()) {
            float[][] embeddings = {{0, 0}, {3, 4}, {-3, -4}};
            FlatIndex index = new FlatIndex(Metric.COSINE, new ChunkedRows(arena, embeddings, 2, 16, 0));
            NearestRows hits = hits(3);
            index.search(
                    List.of(new RowSearch(new float[] {6, 8}, null, row -> true, hits, () -> false)),
                    new RowRange(0, 3));
            hits.sort();
            assertEquals(List.of(1, 0, 2), List.of(hits.row(0), hits.row(1), hits.row(2)));
            assertEquals(1f, hits.distance(1));
            assertEquals(2f, hits.distance(2), 1e-6f);
        }
    }

    @Test
    void refusesAQueryOfAnotherDimension() {
        try (Arena arena = Arena.ofConfined()) {
            FlatIndex index = new FlatIndex(Metric.COSINE, new ChunkedRows(arena, new float[][] {{1, 2}}, 2, 16, 0));
            RowSearch search = new RowSearch(new float[3], null, row -> true, hits(1), () -> false);
            assertThrows(IllegalArgumentException.class, () -> index.search(List.of(search), new RowRange(0, 1)));
        }
    }

    /** A kernel that the compiler gives up on would never become fast. */
    @Test
    void becomesFastByWarmingUp() {
        assertTrue(KernelWarmUp.run(Duration.ofMinutes(1)));
        assertFalse(KernelWarmUp.run(Duration.ZERO));
    }

    @Test
    void hasTheKernelsOfCodesCompiledByWarmingUp() {
        assertTrue(KernelWarmUp.runCodes(Duration.ofMinutes(2)));
        assertFalse(KernelWarmUp.runCodes(Duration.ZERO));
    }

    private static RowSet randomSet(Random random, int count, double share) {
        RowSet rows = RowSet.none(count);
        IntStream.range(0, count).filter(row -> random.nextDouble() < share).forEach(rows::add);
        return rows;
    }

    private static NearestRows hits(int k) {
        return new NearestRows(k, row -> row);
    }
}
