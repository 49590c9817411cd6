package io.quiver.executor.index.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.SearchPlan;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.index.blocked.BlockedCodes;
import io.quiver.executor.index.blocked.BlockedIndex;
import io.quiver.executor.index.graph.BuildProgress;
import io.quiver.executor.index.graph.BuildWorkers;
import io.quiver.executor.index.graph.GraphBuilder;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.graph.GraphParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filtered searches of a real graph against looking at every row. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlannedGraphTest {
    private static final int ROWS = 20_000;
    private static final int DIMENSION = 64;
    private static final int CLUSTERS = 50;
    private static final int QUERIES = 40;
    private static final int K = 10;
    private static final double RECALL_MIN = 0.9;

    private final Random random = Seeds.random("PlannedGraphTest");
    private final Arena arena = Arena.ofShared();
    private final float[][] centres = Seeds.embeddings(random, CLUSTERS, DIMENSION);
    private final ChunkedRows rows = new ChunkedRows(arena, clustered(), DIMENSION, ROWS, 0);
    private final FlatIndex exact = new FlatIndex(Metric.SQUARED_L2, rows);
    private final GraphIndex graph = graph();
    private final BlockedIndex codes = codes();

    @AfterAll
    void close() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0002, 0.01, 0.11, 0.3, 0.5, 0.7, 0.9, 1})
    void findsAmongRandomMatchesAlmostWhatAScanFinds(double selectivity) {
        assertRecall(index(CostModel.TYPICAL), random(selectivity), "random " + selectivity);
        assertRecall(index(walksAreCheap()), random(selectivity), "random, walked " + selectivity);
    }

    /** The matches are some whole clusters, mostly far from the query. */
    @ParameterizedTest
    @ValueSource(ints = {6, 15, 25, 35, 45})
    void findsAmongMatchesOfSomeClustersAlmostWhatAScanFinds(int clusters) {
        assertRecall(index(CostModel.TYPICAL), ofClusters(clusters), clusters + " clusters");
        assertRecall(index(walksAreCheap()), ofClusters(clusters), clusters + " clusters, walked");
    }

    /** By codes beside the graph, as long as these are all that is cheap. */
    @ParameterizedTest
    @ValueSource(doubles = {0.06, 0.11, 0.3, 0.7, 1})
    void findsByCodesAlmostWhatAScanFinds(double selectivity) {
        PlannedIndex coded = index(onlyCodesAreCheap()).withCodes(codes);
        SearchPlan plan = assertRecall(coded, random(selectivity), "by codes " + selectivity);
        assertInstanceOf(SearchPlan.CodeScan.class, plan);
    }

    /** So few that codes are not read for them. */
    @Test
    void findsEveryRowOnce() {
        PlannedIndex coded = index(onlyCodesAreCheap()).withCodes(codes);
        SearchPlan plan = assertRecall(coded, random(0.003), "too few for codes", 1);
        assertInstanceOf(SearchPlan.ScanMatches.class, plan);
    }

    /** There are enough of them in the beam, but at its end, where a walk misses more than elsewhere. */
    @ParameterizedTest
    @ValueSource(ints = {60, 100, 140, 180})
    void findsMatchesThatLieBehindAllOthersInTheBeam(int others) {
        double recall = 0;
        for (int i = 0; i < QUERIES; i++) {
            float[] query = query();
            RowSet matches = random(0.12);
            nearest(query, others).forEach(matches::remove);
            RowSearch search = search(query, matches, RowSet.all(ROWS));
            index(walksAreCheap()).search(List.of(search), all());
            recall += recall(search) / QUERIES;
        }
        System.out.printf("behind %d others: recall %.4f%n", others, recall);
        assertTrue(recall >= 0.99, "recall " + recall);
    }

    private IntStream nearest(float[] query, int count) {
        NearestRows nearest = new NearestRows(count, row -> row);
        exact.search(List.of(new RowSearch(query, null, row -> true, nearest, () -> false)), all());
        return IntStream.range(0, nearest.size()).map(nearest::row);
    }

    /** By the bytes of the graph, which miss nothing. */
    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.05, 0.09})
    void findsByBytesWhatAScanFinds(double selectivity) {
        PlannedIndex planned = index(onlyBytesAreCheap()).withBytes(graph.byBytes(arena));
        SearchPlan plan = assertRecall(planned, random(selectivity), "by bytes " + selectivity, 1);
        assertInstanceOf(SearchPlan.ByteScan.class, plan);
    }

    @Test
    void rowsThatHaveEndedDoNotMakeAnswersShort() {
        RowSet live = random(0.001);
        for (int i = 0; i < QUERIES; i++) {
            RowSearch search = search(query(), null, live);
            index(walksAreCheap()).search(List.of(search), all());
            assertEquals(Math.min(K, live.count()), search.hits().size());
        }
    }

    private SearchPlan assertRecall(PlannedIndex index, RowSet matches, String what) {
        return assertRecall(index, matches, what, RECALL_MIN);
    }

    private SearchPlan assertRecall(PlannedIndex index, RowSet matches, String what, double recallMin) {
        RowSet live = random(0.95);
        List<RowSearch> searches = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            searches.add(search(query(), matches, live));
        }
        index.search(searches, all());
        double recall = searches.stream().mapToDouble(this::recall).average().orElse(1);
        SearchPlan plan = searches.getFirst().work().plan();
        System.out.printf("%s: recall %.3f by %s%n", what, recall, plan);
        assertTrue(recall >= recallMin, () -> "%s: recall %.3f by %s".formatted(what, recall, plan));
        return Objects.requireNonNull(plan);
    }

    private double recall(RowSearch search) {
        RowSearch scan = new RowSearch(
                search.query(), search.candidates(), search.isLive(), new NearestRows(K, row -> row), () -> false);
        exact.search(List.of(scan), all());
        assertEquals(scan.hits().size(), search.hits().size());
        scan.hits().sort();
        search.hits().sort();
        assertEquals(search.hits().size(), distinct(search.hits()), "hits are different rows");
        return scan.hits().size() == 0
                ? 1
                : (double) common(scan.hits(), search.hits()) / scan.hits().size();
    }

    private static long distinct(NearestRows hits) {
        return IntStream.range(0, hits.size()).map(hits::row).distinct().count();
    }

    private static int common(NearestRows left, NearestRows right) {
        int common = 0;
        for (int i = 0; i < left.size(); i++) {
            for (int j = 0; j < right.size(); j++) {
                common += left.row(i) == right.row(j) ? 1 : 0;
            }
        }
        return common;
    }

    private PlannedIndex index(CostModel costs) {
        return new PlannedIndex(graph, exact, null, null, ROWS, RecallCurve.EXACT, 0, () -> costs);
    }

    /** Whatever may walk does. */
    private static CostModel walksAreCheap() {
        return new CostModel(new RowCost(1e6, 1), new RowCost(1, 1e-3), new RowCost(1, 1e-3));
    }

    private static CostModel onlyCodesAreCheap() {
        return new CostModel(new RowCost(1e3, 1), new RowCost(1e4, 1), new RowCost(1e4, 1));
    }

    private static CostModel onlyBytesAreCheap() {
        return new CostModel(new RowCost(1e3, 1e3), new RowCost(1, 1e3), new RowCost(1, 1e3));
    }

    private RowSearch search(float[] query, @Nullable RowSet matches, RowSet live) {
        return new RowSearch(query, matches, live::contains, new NearestRows(K, row -> row), () -> false);
    }

    private float[] query() {
        return near(centres[random.nextInt(CLUSTERS)]);
    }

    private float[][] clustered() {
        float[][] embeddings = new float[ROWS][];
        for (int row = 0; row < ROWS; row++) {
            embeddings[row] = near(centres[row % CLUSTERS]);
        }
        return embeddings;
    }

    private float[] near(float[] centre) {
        float[] embedding = Seeds.embedding(random, DIMENSION);
        for (int i = 0; i < DIMENSION; i++) {
            embedding[i] = centre[i] + 0.4f * embedding[i];
        }
        return embedding;
    }

    private RowSet random(double share) {
        RowSet some = RowSet.none(ROWS);
        for (int row = 0; row < ROWS; row++) {
            if (random.nextDouble() < share) {
                some.add(row);
            }
        }
        return some;
    }

    private static RowSet ofClusters(int count) {
        RowSet some = RowSet.none(ROWS);
        for (int row = 0; row < ROWS; row++) {
            if (row % CLUSTERS < count) {
                some.add(row);
            }
        }
        return some;
    }

    private GraphIndex graph() {
        MemorySegment image = GraphBuilder.build(
                rows, ROWS, Metric.SQUARED_L2, GraphParameters.DEFAULT, BuildWorkers.ONE, BuildProgress.NONE, arena);
        return GraphIndex.open(image, rows, ROWS, Metric.SQUARED_L2);
    }

    private BlockedIndex codes() {
        BlockedCodes blocked = new BlockedCodes(Metric.SQUARED_L2, rows, ROWS, arena);
        blocked.extend(ROWS);
        return new BlockedIndex(blocked);
    }

    private static RowRange all() {
        return new RowRange(0, ROWS);
    }
}
