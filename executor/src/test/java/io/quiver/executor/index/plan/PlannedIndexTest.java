package io.quiver.executor.index.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import io.quiver.executor.index.VectorIndex;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over a graph that cannot reach all rows, which is what the plans must make good. */
class PlannedIndexTest {
    private static final int ROWS = 20_000;
    private static final int DIMENSION = 16;

    /** Scans are dear and walks cheap, so that whatever may walk does. */
    private static final CostModel WALKS_ARE_CHEAP =
            new CostModel(new RowCost(1e6, 1), new RowCost(1e3, 1), new RowCost(900, 1));

    /** Waiting for memory is dear, which walks do most. */
    private static final CostModel CODES_ARE_CHEAP =
            new CostModel(new RowCost(1e3, 1), new RowCost(1e4, 1), new RowCost(1e4, 1));

    /** A short walk costs less than codes, a long one more. */
    private static final CostModel BRIDGES_ARE_DEAR =
            new CostModel(new RowCost(60, 0.1), new RowCost(50, 0.1), new RowCost(50, 0.1));

    private final Random random = Seeds.random("PlannedIndexTest");
    private final Arena arena = Arena.ofShared();
    private final FlatIndex rows = new FlatIndex(
            Metric.SQUARED_L2, new ChunkedRows(arena, Seeds.embeddings(random, ROWS, DIMENSION), DIMENSION, ROWS, 0));
    private final HalfBlindGraph graph = new HalfBlindGraph(rows, some(0.5));
    private final PlannedIndex index =
            new PlannedIndex(graph, rows, null, null, ROWS, RecallCurve.EXACT, 0, () -> WALKS_ARE_CHEAP);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void neverFindsFewerThanThereAre() {
        for (int round = 0; round < 200; round++) {
            RowSet candidates = random.nextInt(4) == 0 ? null : some(random.nextDouble() * random.nextDouble());
            RowSet live = some(random.nextBoolean() ? 1 : random.nextDouble() * 0.01);
            int k = 1 + random.nextInt(random.nextBoolean() ? 20 : 3_000);
            RowSearch search = search(k, candidates, live::contains);
            index.search(List.of(search), all());
            assertEquals(Math.min(k, common(candidates, live)), search.hits().size());
        }
    }

    @Test
    void hitsAreAcceptedLiveAndNoneTwice() {
        List<RowSearch> searches = new ArrayList<>();
        List<RowSet> lives = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lives.add(some(0.9));
            searches.add(search(10, some(random.nextDouble()), lives.getLast()::contains));
        }
        index.search(searches, all());
        for (int i = 0; i < searches.size(); i++) {
            RowSet seen = RowSet.none(ROWS);
            NearestRows hits = searches.get(i).hits();
            for (int hit = 0; hit < hits.size(); hit++) {
                assertTrue(candidates(searches.get(i)).contains(hits.row(hit)));
                assertTrue(lives.get(i).contains(hits.row(hit)));
                assertTrue(!seen.contains(hits.row(hit)));
                seen.add(hits.row(hit));
            }
        }
    }

    @Test
    void saysWhichWayItWent() {
        assertInstanceOf(SearchPlan.Graph.class, planOf(10, null, 1));
        assertInstanceOf(SearchPlan.Graph.class, planOf(10, 0.9, 1));
        assertInstanceOf(SearchPlan.Graph.class, planOf(10, 0.45, 1));
        assertInstanceOf(SearchPlan.ScanMatches.class, planOf(10, 0.01, 1));
    }

    @Test
    void aWalkThatCameBackWithTooLittleIsReportedAsTheScanThatItBecame() {
        assertInstanceOf(SearchPlan.Scan.class, planOf(10, null, 0.0001));
        assertInstanceOf(SearchPlan.ScanMatches.class, planOf(10, 0.9, 0.0001));
    }

    @Test
    void aPlainWalkFiltersItsHits() {
        planOf(10, 0.9, 1);
        assertEquals(List.of(false), graph.wereFiltered);
    }

    /** Codes leave a search to the rows that they know, and say so, where it does not suit them. */
    @Test
    void nothingIsSearchedTwiceWhereCodesDecideOtherwise() {
        VectorIndex codes = new HalfBlindGraph(rows, RowSet.all(ROWS)) {
            @Override
            public void search(List<RowSearch> searches, RowRange range) {
                super.search(searches, range);
                searches.forEach(search -> search.work().follow(new SearchPlan.ScanMatches(0)));
            }
        };
        PlannedIndex coded = new PlannedIndex(
                        graph, rows, null, null, ROWS, RecallCurve.EXACT, 0, () -> CODES_ARE_CHEAP)
                .withCodes(codes);
        RowSearch search = search(10, some(0.5), _ -> true);
        coded.search(List.of(search), all());
        search.hits().sort();
        assertEquals(
                10, IntStream.range(0, 10).map(search.hits()::row).distinct().count());
    }

    @Test
    void aPlainWalkThatComesBackWithTooLittleIsFollowedByABridgedOne() {
        planOf(10, 0.9, 0.0001);
        assertEquals(List.of(false, true), graph.wereFiltered);
    }

    @Test
    void aPlainWalkIsWiderByWhatTheFilterTakesAway() {
        RowSet most = RowSet.all(ROWS);
        for (int row = 0; row < ROWS / 5; row++) {
            most.remove(row);
        }
        index.search(List.of(search(10, most, _ -> true)), all());
        assertEquals(List.of(112), graph.efs, "100 over the root of 0.8");
    }

    @Test
    void codesAreAskedWhereTheyAreCheapest() {
        HalfBlindGraph codes = new HalfBlindGraph(rows, RowSet.all(ROWS));
        PlannedIndex coded = new PlannedIndex(
                        graph, rows, null, null, ROWS, RecallCurve.EXACT, 0, () -> CODES_ARE_CHEAP)
                .withCodes(codes);
        RowSearch search = search(10, some(0.5), _ -> true);
        coded.search(List.of(search), all());
        assertInstanceOf(SearchPlan.CodeScan.class, search.work().plan());
        assertEquals(List.of(true), codes.wereFiltered);
        assertEquals(List.of(), graph.wereFiltered);
        assertEquals(10, search.hits().size());
    }

    @Test
    void aPlainWalkThatComesBackWithTooLittleIsFollowedByCodesWhereTheseAreCheaperThanBridges() {
        HalfBlindGraph codes = new HalfBlindGraph(rows, RowSet.all(ROWS));
        PlannedIndex coded = new PlannedIndex(
                        graph, rows, null, null, ROWS, RecallCurve.EXACT, 0, () -> BRIDGES_ARE_DEAR)
                .withCodes(codes);
        RowSet live = some(0.0005);
        RowSearch search = search(10, some(0.5), live::contains);
        coded.search(List.of(search), all());
        assertEquals(List.of(false), graph.wereFiltered);
        assertEquals(List.of(true), codes.wereFiltered);
        assertInstanceOf(SearchPlan.CodeScan.class, search.work().plan());
    }

    @Test
    void aPlainWalkWhoseLastHitLiesAtTheEndOfItsBeamIsFollowedByABridgedOne() {
        RowSet most = some(0.7);
        graph.placesUsed = 0.2;
        index.search(List.of(search(10, most, _ -> true)), all());
        assertEquals(List.of(false), graph.wereFiltered);
        graph.placesUsed = 0.9;
        index.search(List.of(search(10, most, _ -> true)), all());
        assertEquals(List.of(false, false, true), graph.wereFiltered);
    }

    @Test
    void aPlainWalkThatComesByMoreThanChancePutsBeforeItsLastHitIsFollowedByABridgedOne() {
        graph.placesUsed = 0.5;
        index.search(List.of(search(10, some(0.9), _ -> true)), all());
        assertEquals(List.of(false, true), graph.wereFiltered);
    }

    /** What the one before has looked at is still in a cache: that is what is measured for it. */
    @Test
    void aFilterThatIsTheSameAsBeforeHasItsRowsLookedAt() {
        PlannedIndex planned = cachesAreFast();
        RowSet few = some(0.05);
        assertInstanceOf(SearchPlan.ByteScan.class, planOf(planned, few));
        assertInstanceOf(SearchPlan.ScanMatches.class, planOf(planned, few));
        assertInstanceOf(SearchPlan.ByteScan.class, planOf(planned, few.resized(ROWS)), "equal is not the same");
    }

    /** It was chosen by what a cache may hold then, not by what has been looked at since. */
    @Test
    void whatWasChosenIsListedAtTheCostThatItWasChosenFor() {
        PlannedIndex planned = cachesAreFast();
        RowSet few = some(0.05);
        RowSearch first = searched(planned, few);
        RowSearch again = searched(planned, few);
        RowSearch other = searched(planned, few.resized(ROWS));
        for (RowSearch search : List.of(first, again, other)) {
            assertTrue(planned.plans(search).contains(search.work().plan()));
        }
        assertEquals(planned.plans(first), planned.plans(other));
        assertNotEquals(planned.plans(first), planned.plans(again));
        RowSearch next = search(10, few, _ -> true);
        assertEquals(planned.plans(first), planned.plans(next), "one that is not searched yet");
    }

    /** Who comes back with too little from a walk for a filter of before looks at rows that a cache may hold. */
    @Test
    void aScanThatFollowsAWalkIsListedAtItsCostToo() {
        RowSet most = some(0.5);
        RowSet live = some(0.0005);
        for (int time = 0; time < 2; time++) {
            RowSearch search = search(10, most, live::contains);
            index.search(List.of(search), all());
            assertInstanceOf(SearchPlan.ScanMatches.class, search.work().plan());
            assertTrue(index.plans(search).contains(search.work().plan()));
        }
    }

    private PlannedIndex cachesAreFast() {
        HalfBlindGraph bytes = new HalfBlindGraph(rows, RowSet.all(ROWS));
        CostModel costs = new CostModel(new RowCost(12, 0.2), new RowCost(20, 0.25), new RowCost(5, 0.05));
        return new PlannedIndex(graph, rows, null, null, ROWS, RecallCurve.EXACT, 0, () -> costs).withBytes(bytes);
    }

    private RowSearch searched(PlannedIndex planned, RowSet candidates) {
        RowSearch search = search(10, candidates, _ -> true);
        planned.search(List.of(search), all());
        return search;
    }

    private @Nullable SearchPlan planOf(PlannedIndex planned, RowSet candidates) {
        return searched(planned, candidates).work().plan();
    }

    @Test
    void noSearchIsNoWork() {
        index.search(List.of(), all());
        assertEquals(List.of(), graph.wereFiltered);
    }

    @Test
    void aSearchThatWasStoppedIsNotScannedAgain() {
        RowSearch stopped = new RowSearch(
                query(), null, _ -> false, new NearestRows(10, row -> row), () -> graph.wereFiltered.size() > 0);
        index.search(List.of(stopped), all());
        assertInstanceOf(SearchPlan.Graph.class, stopped.work().plan());
        assertEquals(0, stopped.hits().size());
    }

    private @Nullable SearchPlan planOf(int k, @Nullable Double selectivity, double liveShare) {
        RowSet live = liveShare == 1 ? RowSet.all(ROWS) : some(liveShare);
        RowSearch search = search(k, selectivity == null ? null : some(selectivity), live::contains);
        index.search(List.of(search), all());
        return search.work().plan();
    }

    private RowSearch search(int k, @Nullable RowSet candidates, IntPredicate isLive) {
        return new RowSearch(query(), candidates, isLive, new NearestRows(k, row -> row), () -> false, 100);
    }

    private float[] query() {
        return Seeds.embedding(random, DIMENSION);
    }

    private RowSet some(double share) {
        RowSet some = RowSet.none(ROWS);
        for (int row = 0; row < ROWS; row++) {
            if (random.nextDouble() < share) {
                some.add(row);
            }
        }
        return some;
    }

    private static RowSet candidates(RowSearch search) {
        RowSet candidates = search.candidates();
        return candidates == null ? RowSet.all(ROWS) : candidates;
    }

    private static int common(@Nullable RowSet candidates, RowSet live) {
        RowSet both = live.resized(ROWS);
        if (candidates != null) {
            both.and(candidates);
        }
        return both.count();
    }

    private static RowRange all() {
        return new RowRange(0, ROWS);
    }

    /** Finds what it can reach, and notes what it was asked. */
    private static class HalfBlindGraph implements VectorIndex {
        private final FlatIndex rows;
        private final RowSet reachable;
        private final List<Boolean> wereFiltered = new ArrayList<>();
        private final List<Integer> efs = new ArrayList<>();
        private double placesUsed;

        HalfBlindGraph(FlatIndex rows, RowSet reachable) {
            this.rows = rows;
            this.reachable = reachable;
        }

        @Override
        public Metric metric() {
            return rows.metric();
        }

        @Override
        public int dimension() {
            return rows.dimension();
        }

        @Override
        public List<RowRange> divide(int rowCount, int parts) {
            return List.of(new RowRange(0, rowCount));
        }

        @Override
        public void search(List<RowSearch> searches, RowRange range) {
            rows.search(searches.stream().map(this::reaching).toList(), range);
            searches.forEach(search -> wereFiltered.add(search.candidates() != null));
            searches.forEach(search -> efs.add(search.ef()));
            searches.forEach(search -> search.work().cameBy((int) (placesUsed * search.ef())));
        }

        private RowSearch reaching(RowSearch search) {
            RowSet reached = reachable.resized(ROWS);
            RowSet candidates = search.candidates();
            if (candidates != null) {
                reached.and(candidates);
            }
            return new RowSearch(search.query(), reached, search.isLive(), search.hits(), search.isStopped());
        }
    }
}
