package io.quiver.executor.index.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.SearchPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final int MILLION = 1_000_000;
    private static final Planner LARGE = new Planner(CostModel.TYPICAL, MILLION, 768, false, false);

    @Test
    void aLargeSegmentIsWalked() {
        var graph = assertInstanceOf(SearchPlan.Graph.class, LARGE.all(10, 100));
        assertEquals(100, graph.ef());
    }

    @Test
    void aBeamIsNeverNarrowerThanTheHitsWanted() {
        assertEquals(
                500,
                assertInstanceOf(SearchPlan.Graph.class, LARGE.all(500, 100)).ef());
    }

    @Test
    void aSmallSegmentIsScanned() {
        assertInstanceOf(SearchPlan.Scan.class, new Planner(CostModel.TYPICAL, 500, 16, false, false).all(10, 100));
        assertInstanceOf(SearchPlan.Scan.class, LARGE.all(MILLION, MILLION));
    }

    @Test
    void whoWantsEverythingGetsAScan() {
        assertInstanceOf(SearchPlan.Scan.class, LARGE.all(10, RowSearch.EXACT));
        assertInstanceOf(SearchPlan.ScanMatches.class, LARGE.filtered(10, RowSearch.EXACT, MILLION / 2));
    }

    @Test
    void theWayItGoesIsTheCheapestOfItsWays() {
        assertCheapest(LARGE.all(10, 100), LARGE.waysOfAll(10, 100));
        assertCheapest(LARGE.all(10, RowSearch.EXACT), LARGE.waysOfAll(10, RowSearch.EXACT));
        assertEquals(3, LARGE.waysOfFiltered(10, 100, 300_000).size());
        assertTrue(LARGE.waysOfFiltered(10, 100, 300_000).contains(LARGE.filtered(10, 100, 300_000)));
        assertTrue(LARGE.waysOfFiltered(10, 100, 800_000).contains(LARGE.filtered(10, 100, 800_000)));
        assertEquals(List.of(LARGE.filtered(10, 100, 0)), LARGE.waysOfFiltered(10, 100, 0));
    }

    private static void assertCheapest(SearchPlan chosen, List<SearchPlan> ways) {
        assertTrue(ways.contains(chosen));
        ways.forEach(way -> assertTrue(chosen.costNs() <= way.costNs(), () -> chosen + " against " + way));
    }

    @Test
    void fewMatchesAreScanned() {
        assertInstanceOf(SearchPlan.ScanMatches.class, LARGE.filtered(10, 100, 0));
        assertInstanceOf(SearchPlan.ScanMatches.class, LARGE.filtered(10, 100, 1));
        assertInstanceOf(SearchPlan.ScanMatches.class, LARGE.filtered(10, 100, Planner.MATCHES_SCANNED));
        assertInstanceOf(SearchPlan.ScanMatches.class, LARGE.filtered(5_000, 5_000, 5_000));
    }

    @Test
    void aWalkAmongAllIsAsWideAsForTheHitsThatTheFilterTakesAway() {
        assertEquals(112, plain(LARGE, 800_000).ef(), "100 over the root of 0.8");
        assertEquals(183, plain(LARGE, 300_000).ef(), "100 over the root of 0.3");
        assertEquals(453, plain(LARGE, 50_000).ef(), "10 hits and four deviations, of which one in 20 is accepted");
    }

    private static SearchPlan.Graph plain(Planner planner, int matches) {
        return assertInstanceOf(SearchPlan.Graph.class, planner.filtered(10, 100, matches));
    }

    @Test
    void whereThatFindsTooFewAcceptedRowsAreSought() {
        var bridged = assertInstanceOf(SearchPlan.FilteredGraph.class, LARGE.amongAccepted(10, 100, 300_000));
        assertEquals(183, bridged.ef(), "100 over the root of 0.3");
        Planner coded = new Planner(CostModel.TYPICAL, 200_000, 128, true, false);
        assertInstanceOf(SearchPlan.CodeScan.class, coded.amongAccepted(10, 100, 20_000));
    }

    @Test
    void codesAnswerWhereAWalkAmongFewWouldBeLong() {
        Planner coded = new Planner(CostModel.TYPICAL, 200_000, 128, true, false);
        assertInstanceOf(SearchPlan.ScanMatches.class, coded.filtered(10, 100, 500));
        CostModel allButCodesAreDear = new CostModel(new RowCost(1e3, 1), new RowCost(1e4, 1), new RowCost(1e4, 1));
        assertInstanceOf(
                SearchPlan.ScanMatches.class,
                new Planner(allButCodesAreDear, 200_000, 128, true, false).filtered(10, 100, 1_500),
                "fewer than codes are read for");
        assertInstanceOf(
                SearchPlan.CodeScan.class, coded.filtered(10, 100, 4_000), "every second block has none of them");
        assertInstanceOf(SearchPlan.CodeScan.class, coded.filtered(10, 100, 6_000));
        assertInstanceOf(SearchPlan.Graph.class, coded.filtered(10, 100, 20_000));
        assertInstanceOf(SearchPlan.Graph.class, coded.all(10, 100));
        assertInstanceOf(SearchPlan.ScanMatches.class, coded.filtered(10, RowSearch.EXACT, 20_000));
        assertInstanceOf(
                SearchPlan.ScanMatches.class, coded.filtered(15_000, 15_000, 20_000), "more hits than codes are for");
    }

    @Test
    void bytesAnswerWhereAFewRowsLieHereAndThere() {
        Planner planner = new Planner(CostModel.TYPICAL, MILLION, 768, false, true);
        assertInstanceOf(SearchPlan.ByteScan.class, planner.filtered(10, 100, 1_500));
        assertInstanceOf(SearchPlan.ByteScan.class, planner.amongAccepted(10, 100, 1_500));
        assertInstanceOf(
                SearchPlan.ScanMatches.class, planner.filtered(10, 100, 50), "they have to be computed anyway");
        assertInstanceOf(SearchPlan.ScanMatches.class, planner.filtered(100, 100, 1_500), "many of them are wanted");
        assertInstanceOf(SearchPlan.ScanMatches.class, planner.filtered(10, RowSearch.EXACT, 1_500));
        assertInstanceOf(SearchPlan.Graph.class, planner.all(10, 100));
    }

    @Test
    void rowsOfTheSearchBeforeAreLookedAtAgainIfACacheHoldsThem() {
        Planner planner = new Planner(CostModel.TYPICAL, MILLION, 384, false, true).again();
        assertInstanceOf(SearchPlan.ScanMatches.class, planner.filtered(10, 100, 8_000));
        assertInstanceOf(SearchPlan.ByteScan.class, planner.filtered(10, 100, 9_000), "14 MB");
    }

    @Test
    void theFirstBytesOfLongRowsAreLessThanTheirFloatsEvenInACache() {
        Planner planner = new Planner(CostModel.TYPICAL, MILLION, 768, true, true).again();
        assertInstanceOf(SearchPlan.ByteScan.class, planner.filtered(10, 100, 4_000));
    }

    @Test
    void moreMatchesNeverTurnAWalkBackIntoAScan() {
        for (int dimension : new int[] {16, 128, 768}) {
            Planner planner = new Planner(CostModel.TYPICAL, MILLION, dimension, false, false);
            boolean isWalk = false;
            for (int matches = 0; matches <= MILLION; matches += 10_000) {
                boolean walks = !(planner.filtered(10, 100, matches) instanceof SearchPlan.ScanMatches);
                assertTrue(walks || !isWalk, "%d matches of dimension %d".formatted(matches, dimension));
                isWalk = walks;
            }
            assertTrue(isWalk);
        }
    }

    @Test
    void costsGrowWithWhatIsLookedAt() {
        CostModel costs = CostModel.TYPICAL;
        assertTrue(costs.scanNs(2_000, 128) > costs.scanNs(1_000, 128));
        assertTrue(costs.scanNs(1_000, 256) > costs.scanNs(1_000, 128));
        assertTrue(costs.matchesNs(200, MILLION, 128) > costs.matchesNs(100, MILLION, 128));
        assertTrue(costs.matchesNs(MILLION, MILLION, 128) <= costs.scanNs(MILLION, 128));
        assertTrue(costs.graphNs(200, MILLION, 128) > costs.graphNs(100, MILLION, 128));
        assertTrue(costs.graphNs(200, MILLION, 256) > costs.graphNs(200, MILLION, 128));
        assertTrue(costs.filteredGraphNs(100, 0.1, MILLION, 128) > costs.filteredGraphNs(100, 0.2, MILLION, 128));
        assertTrue(costs.filteredGraphNs(100, 1, MILLION, 128) > costs.graphNs(100, MILLION, 128));
    }

    @Test
    void aPlanIsNoDearerThanTheOthers() {
        for (int matches = 10_000; matches < MILLION; matches += 10_000) {
            SearchPlan plan = LARGE.filtered(10, 100, matches);
            assertTrue(plan.costNs() <= CostModel.TYPICAL.matchesNs(matches, MILLION, 768));
        }
    }

    @Test
    void whatIsMeasuredIsReckonedWith() {
        CostModel measured = CostCalibration.measure();
        System.out.println("measured: " + measured);
        assertTrue(measured.scanNs(1, 768) < 100_000, "a row of 768 floats does not take 100 us");
        assertTrue(measured.matchesNs(1, 10, 768) > 1, "nor 1 ns");
        assertTrue(measured.all().of(768) <= measured.some().of(768), "rows in order cost no more");
    }

    @Test
    void whatWasMeasuredAtABetterMomentCounts() {
        RowCost quiet = new RowCost(20, 0.25);
        RowCost busy = new RowCost(270, 0.15);
        CostModel first = new CostModel(quiet, busy, quiet);
        CostModel second = new CostModel(busy, quiet, busy);
        assertEquals(new CostModel(quiet, quiet, quiet), first.cheaper(second));
        assertEquals(new CostModel(quiet, quiet, quiet), second.cheaper(first));
    }
}
