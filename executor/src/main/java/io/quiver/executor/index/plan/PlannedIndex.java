package io.quiver.executor.index.plan;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.SearchPlan;
import io.quiver.executor.index.VectorIndex;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A graph, and the rows that it is of: each search goes the way that costs least.
 *
 * <p>While there are rows that the filter accepts and the view shows, a search never returns fewer hits than it wants:
 * a walk among all rows that ends with too few is followed by what looks among the accepted rows, and where a walk
 * among these ends with too few, they are looked at one by one. So it is with rows that have ended: they are part of
 * the graph until compaction, and may take all places of a beam.
 */
public final class PlannedIndex implements VectorIndex {
    private final VectorIndex graph;
    private final VectorIndex rows;
    private final @Nullable VectorIndex codes;
    private final @Nullable VectorIndex bytes;
    private final int rowCount;
    private final RecallCurve recallCurve;
    private final double recallFloor;
    private final Supplier<CostModel> costs;

    /** What the last search with a filter wanted; whoever comes second may find its rows in a cache. */
    private volatile WeakReference<@Nullable RowSet> lastAccepted = new WeakReference<>(null);

    /**
     * A segment of {@code rowCount} rows.
     *
     * @param graph walks among the accepted rows where a search has candidates, among all where it has none
     * @param rows looks at every row, or every accepted one
     * @param recallCurve as it was measured for this graph
     */
    public PlannedIndex(VectorIndex graph, VectorIndex rows, int rowCount, RecallCurve recallCurve) {
        this(graph, rows, null, null, rowCount, recallCurve, 0, CostModel::ofThisMachine);
    }

    PlannedIndex(
            VectorIndex graph,
            VectorIndex rows,
            @Nullable VectorIndex codes,
            @Nullable VectorIndex bytes,
            int rowCount,
            RecallCurve recallCurve,
            double recallFloor,
            Supplier<CostModel> costs) {
        this.graph = graph;
        this.rows = rows;
        this.codes = codes;
        this.bytes = bytes;
        this.rowCount = rowCount;
        this.recallCurve = recallCurve;
        this.recallFloor = recallFloor;
        this.costs = costs;
    }

    /**
     * The same with codes of the rows, which find what some of them have for a filter faster than a walk among few, and
     * miss nothing that lies elsewhere.
     *
     * @param codes searches the rows by their codes
     */
    public PlannedIndex withCodes(VectorIndex codes) {
        return new PlannedIndex(graph, rows, codes, bytes, rowCount, recallCurve, recallFloor, costs);
    }

    /**
     * The same with the bytes that the graph has of the rows.
     *
     * @param bytes searches accepted rows by them
     */
    public PlannedIndex withBytes(VectorIndex bytes) {
        return new PlannedIndex(graph, rows, codes, bytes, rowCount, recallCurve, recallFloor, costs);
    }

    /** The same, whose searches have this recall where they ask for nothing else, if the curve says how. */
    public PlannedIndex withRecallFloor(double floor) {
        return new PlannedIndex(graph, rows, codes, bytes, rowCount, recallCurve, floor, costs);
    }

    @Override
    public Metric metric() {
        return graph.metric();
    }

    @Override
    public int dimension() {
        return graph.dimension();
    }

    @Override
    public RecallCurve recallCurve() {
        return recallCurve;
    }

    @Override
    public int usualEf(int k) {
        return Math.max(RowSearch.EF_DEFAULT, recallCurve.efFor(recallFloor, k));
    }

    /** One range: a graph cannot be divided. */
    @Override
    public List<RowRange> divide(int count, int parts) {
        return List.of(new RowRange(0, count));
    }

    /** Searches that walk are interleaved by the graph, searches that scan share what they read. */
    @Override
    public void search(List<RowSearch> searches, RowRange range) {
        Choice choice = new Choice();
        searches.forEach(choice::plan);
        List<RowSearch> walks = walksOf(searches);
        walk(walks, choice, range);
        List<RowSearch> strays = again(walks, choice::isShortAmongAll, choice::amongAccepted);
        walk(walksOf(strays), choice, range);
        again(walksOf(walks), choice::isShort, choice::scan);
        scan(searches, range);
        searches.forEach(this::remember);
    }

    private void remember(RowSearch search) {
        RowSet accepted = search.candidates();
        if (accepted != null && !lastAccepted.refersTo(accepted)) {
            lastAccepted = new WeakReference<>(accepted);
        }
    }

    private static List<RowSearch> walksOf(List<RowSearch> searches) {
        return searches.stream().filter(PlannedIndex::isWalk).toList();
    }

    private static boolean isWalk(RowSearch search) {
        SearchPlan plan = search.work().plan();
        return plan instanceof SearchPlan.Graph || plan instanceof SearchPlan.FilteredGraph;
    }

    /** Who searches may change a plan, so all are sorted first: none is searched twice. */
    private void scan(List<RowSearch> searches, RowRange range) {
        List<RowSearch> byCodes = new ArrayList<>();
        List<RowSearch> byBytes = new ArrayList<>();
        List<RowSearch> byRows = new ArrayList<>();
        for (RowSearch search : searches) {
            switch (search.work().plan()) {
                case SearchPlan.CodeScan _ -> byCodes.add(search);
                case SearchPlan.ByteScan _ -> byBytes.add(search);
                case SearchPlan.Scan _, SearchPlan.ScanMatches _ -> byRows.add(search);
                case SearchPlan.Graph _, SearchPlan.FilteredGraph _ -> {}
                case null -> throw new AssertionError("no search without a plan");
            }
        }
        search(codes, byCodes, range);
        search(bytes, byBytes, range);
        search(rows, byRows, range);
    }

    /** Nothing is planned that there is no index for. */
    private static void search(@Nullable VectorIndex index, List<RowSearch> searches, RowRange range) {
        if (!searches.isEmpty()) {
            Objects.requireNonNull(index).search(searches, range);
        }
    }

    @Override
    public List<SearchPlan> plans(RowSearch search) {
        Supplier<List<SearchPlan>> chosenAmong = search.work().ways();
        return (chosenAmong == null ? new Choice().ways(search) : chosenAmong).get();
    }

    private Planner planner() {
        return new Planner(costs.get(), rowCount, dimension(), codes != null, bytes != null);
    }

    /** Those that may have missed hits, about to be searched anew by another plan. */
    private static List<RowSearch> again(
            List<RowSearch> walks, Predicate<RowSearch> isShort, Function<RowSearch, SearchPlan> plan) {
        List<RowSearch> again = walks.stream().filter(isShort).toList();
        for (RowSearch search : again) {
            search.hits().clear();
            search.work().follow(plan.apply(search));
        }
        return again;
    }

    private void walk(List<RowSearch> walks, Choice choice, RowRange range) {
        if (!walks.isEmpty()) {
            graph.search(walks.stream().map(choice::asPlanned).toList(), range);
        }
    }

    /** What is chosen in one call; queries of a batch mostly share a filter, whose rows are counted once. */
    private final class Choice {
        private final Planner planner = planner();

        /** Read once: other threads search meanwhile, and costs are those of one planner for a search to its end. */
        private final @Nullable RowSet before = lastAccepted.get();

        private RowSet counted = RowSet.none(0);
        private int matches;

        void plan(RowSearch search) {
            search.work().chooseAmong(ways(search));
            search.work().follow(planOf(search));
        }

        /** Those that {@link #planOf} chooses among, listed at its costs whenever somebody asks. */
        Supplier<List<SearchPlan>> ways(RowSearch search) {
            int k = search.hits().k();
            int ef = search.ef();
            int matches = matches(search);
            Planner chooser = plannerFor(search);
            return search.candidates() == null
                    ? () -> chooser.waysOfAll(k, ef)
                    : () -> chooser.waysOfFiltered(k, ef, matches);
        }

        RowSearch asPlanned(RowSearch search) {
            return switch (search.work().plan()) {
                case SearchPlan.Graph(int ef, double _) ->
                    search.filteringHits(share(search)).withEf(ef);
                case SearchPlan.FilteredGraph(int ef, double _) -> search.withEf(ef);
                case SearchPlan.Scan _, SearchPlan.ScanMatches _, SearchPlan.ByteScan _, SearchPlan.CodeScan _ ->
                    throw new AssertionError("a scan is no walk");
                case null -> throw new AssertionError("no walk without a plan");
            };
        }

        private double share(RowSearch search) {
            return (double) matches(search) / rowCount;
        }

        private SearchPlan planOf(RowSearch search) {
            int k = search.hits().k();
            return search.candidates() == null
                    ? planner.all(k, search.ef())
                    : plannerFor(search).filtered(k, search.ef(), matches(search));
        }

        /** Whether there may be hits that a walk has not found. */
        boolean isShort(RowSearch search) {
            return search.hits().lacks(matches(search)) && !search.isStopped().getAsBoolean();
        }

        /**
         * Short, or about to be, and so far it has walked among all rows: those that the filter accepts may lie
         * elsewhere, and of those that lie behind many others a walk misses more than of others.
         */
        boolean isShortAmongAll(RowSearch search) {
            return search.candidates() != null
                    && search.work().plan() instanceof SearchPlan.Graph(int ef, double _)
                    && (search.hits().lacks(matches(search)) || isUnusual(search, ef))
                    && !search.isStopped().getAsBoolean();
        }

        private boolean isUnusual(RowSearch search, int ef) {
            return Planner.isUnusual(search.work().places(), ef, search.hits().k(), share(search));
        }

        SearchPlan amongAccepted(RowSearch search) {
            return plannerFor(search).amongAccepted(search.hits().k(), search.ef(), matches(search));
        }

        private Planner plannerFor(RowSearch search) {
            RowSet accepted = search.candidates();
            return accepted != null && accepted == before ? planner.again() : planner;
        }

        SearchPlan scan(RowSearch search) {
            int k = search.hits().k();
            return search.candidates() == null
                    ? planner.all(k, RowSearch.EXACT)
                    : plannerFor(search).filtered(k, RowSearch.EXACT, matches(search));
        }

        private int matches(RowSearch search) {
            RowSet candidates = search.candidates();
            if (candidates == null) {
                return rowCount;
            }
            if (candidates != counted) {
                counted = candidates;
                matches = candidates.count();
            }
            return matches;
        }
    }
}
