package io.quiver.executor.index.plan;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.SearchPlan;
import io.quiver.executor.index.blocked.BlockedIndex;
import java.util.ArrayList;
import java.util.List;

/** Chooses the cheapest way to search a segment that has a graph. */
final class Planner {
    /** So few accepted rows are looked at one by one: the answer is exact, and no walk is much faster. */
    static final int MATCHES_SCANNED = 2_000;

    /** From this share of accepted rows on a walk need not look for them. */
    static final double PLAIN_SELECTIVITY_MIN = 0.6;

    /**
     * So much cheaper than a scan a walk among few rows must be: a scan misses nothing that lies far from the query.
     */
    private static final double BRIDGED_WORTH = 1.25;

    private final CostModel costs;
    private final int rows;
    private final int dimension;
    private final boolean hasCodes;

    /** @param hasCodes whether the rows can be searched by codes */
    Planner(CostModel costs, int rows, int dimension, boolean hasCodes) {
        this.costs = costs;
        this.rows = rows;
        this.dimension = dimension;
        this.hasCodes = hasCodes;
    }

    /** @param ef beam width that the recall needs without a filter, or {@link RowSearch#EXACT} */
    SearchPlan all(int k, int ef) {
        SearchPlan scan = cheapestScan(new SearchPlan.Scan(costs.scanNs(rows, dimension)), k, ef, rows);
        if (ef == RowSearch.EXACT || k >= rows) {
            return scan;
        }
        int beam = beam(ef, k);
        return cheaper(scan, new SearchPlan.Graph(beam, costs.graphNs(beam, rows, dimension)));
    }

    /** @param matches rows that the filter accepts */
    SearchPlan filtered(int k, int ef, int matches) {
        SearchPlan scan =
                cheapestScan(new SearchPlan.ScanMatches(costs.matchesNs(matches, rows, dimension)), k, ef, matches);
        if (ef == RowSearch.EXACT || matches <= Math.max(k, MATCHES_SCANNED)) {
            return scan;
        }
        double selectivity = (double) matches / rows;
        if (selectivity >= PLAIN_SELECTIVITY_MIN) {
            return cheaper(scan, plain(beam(ef, k), selectivity));
        }
        SearchPlan walk = bridged(beam(ef, k), selectivity);
        return BRIDGED_WORTH * walk.costNs() < scan.costNs() ? walk : scan;
    }

    private SearchPlan cheapestScan(SearchPlan ofRows, int k, int ef, int matches) {
        return scans(ofRows, k, ef, matches).stream().reduce(Planner::cheaper).orElse(ofRows);
    }

    /** The ways among which {@link #all} chooses. */
    List<SearchPlan> waysOfAll(int k, int ef) {
        List<SearchPlan> ways = scans(new SearchPlan.Scan(costs.scanNs(rows, dimension)), k, ef, rows);
        if (ef != RowSearch.EXACT) {
            int beam = beam(ef, k);
            ways.add(new SearchPlan.Graph(beam, costs.graphNs(beam, rows, dimension)));
        }
        return ways;
    }

    /** The ways among which {@link #filtered} chooses, those included that so many matches exclude. */
    List<SearchPlan> waysOfFiltered(int k, int ef, int matches) {
        List<SearchPlan> ways =
                scans(new SearchPlan.ScanMatches(costs.matchesNs(matches, rows, dimension)), k, ef, matches);
        double selectivity = (double) matches / rows;
        if (ef != RowSearch.EXACT && matches > 0) {
            ways.add(plain(beam(ef, k), selectivity));
            ways.add(bridged(beam(ef, k), selectivity));
        }
        return ways;
    }

    /** What misses nothing: by the rows, and by codes where there are some and not most rows are wanted. */
    private List<SearchPlan> scans(SearchPlan ofRows, int k, int ef, int matches) {
        List<SearchPlan> scans = new ArrayList<>();
        scans.add(ofRows);
        if (hasCodes && ef != RowSearch.EXACT && (long) k * BlockedIndex.ROWS_A_HIT_MIN <= rows) {
            scans.add(new SearchPlan.CodeScan(costs.codesNs(matches, rows, dimension)));
        }
        return scans;
    }

    private SearchPlan plain(int beam, double selectivity) {
        int wider = (int) Math.min(RecallCurve.EF_MAX, Math.ceil(beam / selectivity));
        return new SearchPlan.Graph(wider, costs.graphNs(wider, rows, dimension));
    }

    /** A walk among the accepted rows, whatever it costs. */
    SearchPlan bridged(int k, int ef, int matches) {
        return bridged(beam(ef, k), (double) matches / rows);
    }

    /**
     * The beam has more places the fewer rows are accepted: the nearest of them may lie where the query does not, at
     * distances that differ little. A walk to near ones ends before it has used them, so that the cost is that of the
     * beam.
     */
    private SearchPlan bridged(int beam, double selectivity) {
        int wider = (int) Math.min(RecallCurve.EF_MAX, Math.ceil(beam / Math.sqrt(selectivity)));
        return new SearchPlan.FilteredGraph(wider, costs.filteredGraphNs(beam, selectivity, rows, dimension));
    }

    private static int beam(int ef, int k) {
        return Math.max(ef, k);
    }

    private static SearchPlan cheaper(SearchPlan first, SearchPlan second) {
        return second.costNs() < first.costNs() ? second : first;
    }
}
