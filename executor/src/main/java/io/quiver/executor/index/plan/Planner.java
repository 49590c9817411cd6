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

    /** Where fewer are accepted, a walk among all rows comes by hundreds of others for each hit. */
    static final double PLAIN_SELECTIVITY_MIN = 0.04;

    /** A beam has room for the hits wanted where there are so many standard deviations fewer in it than on average. */
    private static final double CHANCE = 4;

    /** Chance alone puts the last hit of fewer than one search in a hundred so many standard deviations behind. */
    private static final double UNUSUAL = 3;

    /** Of a beam in which the last hit lies farther behind, too much is missed. */
    private static final double BEAM_USED_MAX = 0.8;

    /**
     * What a walk among all rows costs for each hit, those included that the filter takes away, in places of a usual
     * beam: half as many steps again as there are such hits, and steps that are dearer, for the beam is long.
     */
    private static final double PLACES_A_HIT = 3;

    /** And what it costs to come to the first of them, as a share of the beam. */
    private static final double PLACES_TO_HITS = 0.5;

    /** So much cheaper a walk must be than what misses less of the rows that lie far from the query. */
    private static final double WALK_WORTH = 1.15;

    private final CostModel costs;
    private final int rows;
    private final int dimension;
    private final boolean hasCodes;
    private final boolean hasBytes;
    private final boolean isAgain;

    /**
     * @param hasCodes whether the rows can be searched by codes
     * @param hasBytes whether accepted rows can be searched by their bytes
     */
    Planner(CostModel costs, int rows, int dimension, boolean hasCodes, boolean hasBytes) {
        this(costs, rows, dimension, hasCodes, hasBytes, false);
    }

    private Planner(CostModel costs, int rows, int dimension, boolean hasCodes, boolean hasBytes, boolean isAgain) {
        this.costs = costs;
        this.rows = rows;
        this.dimension = dimension;
        this.hasCodes = hasCodes;
        this.hasBytes = hasBytes;
        this.isAgain = isAgain;
    }

    /** The same for a search whose filter is that of the one before, which may have left accepted rows in a cache. */
    Planner again() {
        return new Planner(costs, rows, dimension, hasCodes, hasBytes, true);
    }

    /** @param ef beam width that the recall needs without a filter, or {@link RowSearch#EXACT} */
    SearchPlan all(int k, int ef) {
        SearchPlan scan = cheapest(scans(k, ef));
        if (ef == RowSearch.EXACT || k >= rows) {
            return scan;
        }
        int beam = beam(ef, k);
        return cheaper(scan, new SearchPlan.Graph(beam, costs.graphNs(beam, rows, dimension)));
    }

    /** @param matches rows that the filter accepts */
    SearchPlan filtered(int k, int ef, int matches) {
        SearchPlan among = amongAccepted(k, ef, matches);
        double selectivity = (double) matches / rows;
        if (ef == RowSearch.EXACT || matches <= Math.max(k, MATCHES_SCANNED) || selectivity < PLAIN_SELECTIVITY_MIN) {
            return among;
        }
        SearchPlan plain = plain(beam(ef, k), k, selectivity);
        return WALK_WORTH * plain.costNs() < among.costNs() ? plain : among;
    }

    /** The same, where a walk among all rows has found too few. */
    SearchPlan amongAccepted(int k, int ef, int matches) {
        SearchPlan scan = cheapest(scansOfMatches(k, ef, matches));
        if (ef == RowSearch.EXACT || matches <= Math.max(k, MATCHES_SCANNED)) {
            return scan;
        }
        SearchPlan walk = bridged(beam(ef, k), (double) matches / rows);
        return WALK_WORTH * walk.costNs() < scan.costNs() ? walk : scan;
    }

    private static SearchPlan cheapest(List<SearchPlan> plans) {
        return plans.stream().reduce(Planner::cheaper).orElseThrow();
    }

    /** The ways among which {@link #all} chooses. */
    List<SearchPlan> waysOfAll(int k, int ef) {
        List<SearchPlan> ways = scans(k, ef);
        if (ef != RowSearch.EXACT) {
            int beam = beam(ef, k);
            ways.add(new SearchPlan.Graph(beam, costs.graphNs(beam, rows, dimension)));
        }
        return ways;
    }

    /** The ways among which {@link #filtered} chooses, those included that so many matches exclude. */
    List<SearchPlan> waysOfFiltered(int k, int ef, int matches) {
        List<SearchPlan> ways = scansOfMatches(k, ef, matches);
        double selectivity = (double) matches / rows;
        if (ef != RowSearch.EXACT && matches > 0) {
            ways.add(plain(beam(ef, k), k, selectivity));
            ways.add(bridged(beam(ef, k), selectivity));
        }
        return ways;
    }

    /** What misses nothing. */
    private List<SearchPlan> scans(int k, int ef) {
        List<SearchPlan> scans = new ArrayList<>();
        scans.add(new SearchPlan.Scan(costs.scanNs(rows, dimension)));
        addCodes(scans, k, ef, rows);
        return scans;
    }

    private List<SearchPlan> scansOfMatches(int k, int ef, int matches) {
        List<SearchPlan> scans = new ArrayList<>();
        scans.add(new SearchPlan.ScanMatches(rowsNs(matches)));
        if (hasBytes && ef != RowSearch.EXACT && (long) k * BlockedIndex.ROWS_A_HIT_MIN <= matches) {
            scans.add(new SearchPlan.ByteScan(costs.bytesNs(matches, dimension)));
        }
        addCodes(scans, k, ef, matches);
        return scans;
    }

    private double rowsNs(int matches) {
        return isAgain ? costs.matchesAgainNs(matches, rows, dimension) : costs.matchesNs(matches, rows, dimension);
    }

    /** Where there are codes, not most rows are wanted, and not too few accepted. */
    private void addCodes(List<SearchPlan> scans, int k, int ef, int matches) {
        boolean isMany = (long) k * BlockedIndex.ROWS_A_HIT_MIN <= rows;
        if (hasCodes && ef != RowSearch.EXACT && isMany && BlockedIndex.isDense(matches, rows)) {
            scans.add(new SearchPlan.CodeScan(costs.codesNs(matches, rows, dimension)));
        }
    }

    /**
     * As hard as a search for so many more hits as the filter takes out of them: {@link RecallCurve} says how much
     * wider the beam is for that. It also has room for the hits wanted where chance gives it fewer. The walk ends when it
     * has gone a little farther than the last of them, so that the cost follows from them, not from the beam.
     */
    private SearchPlan plain(int beam, int k, double selectivity) {
        double hits = k / selectivity;
        double certain = (k + CHANCE * Math.sqrt(k)) / selectivity;
        double wide = Math.max(RecallCurve.widened(beam, k, hits), certain);
        int wider = (int) Math.min(RecallCurve.EF_MAX, Math.ceil(wide));
        double used = PLACES_TO_HITS * beam + PLACES_A_HIT * hits;
        return new SearchPlan.Graph(wider, costs.graphNs(used, rows, dimension));
    }

    /**
     * Whether a walk among all rows has come by so many before its last hit that fewer are accepted around the query
     * than elsewhere, or that its beam has hardly any left.
     *
     * @param ef as wide as the beam was
     * @param places that it came by, the last hit's included
     */
    static boolean isUnusual(int places, int ef, int k, double selectivity) {
        double usual = (k + UNUSUAL * Math.sqrt(k)) / selectivity;
        return places > Math.min(usual, BEAM_USED_MAX * ef);
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
