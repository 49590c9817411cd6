package io.quiver.executor;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.SearchPlan;
import io.quiver.executor.index.SearchWork;
import io.quiver.executor.index.blocked.BlockedIndex;
import io.quiver.executor.query.Explanation;
import io.quiver.executor.query.Explanation.Way;
import io.quiver.executor.query.Filter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the hits of one query were found: the searches that were done for it, part by part. */
final class HowFound {
    private final Map<SearchedPart, List<RowSearch>> searches = new LinkedHashMap<>();
    private final List<AskedNearest> asked = new ArrayList<>(1);

    /** @param query which of the batch */
    HowFound(List<RangeSearch> ranges, int query) {
        for (RangeSearch range : ranges) {
            if (range.covers(query)) {
                asked.add(range.asked(query));
                searches.computeIfAbsent(range.searched(), _ -> new ArrayList<>())
                        .add(range.search(query));
            }
        }
    }

    /**
     * Share of the true hits that is expected to have been found: the parts' recalls by how many rows each had to
     * offer. A graph's recall is read off the curve that was measured without a filter; what was scanned was found.
     */
    float estimatedRecall() {
        double found = 0;
        double all = 0;
        for (Map.Entry<SearchedPart, List<RowSearch>> entry : searches.entrySet()) {
            long matches = entry.getKey().matches();
            found += matches * recall(entry.getKey(), entry.getValue().getFirst());
            all += matches;
        }
        return all == 0 ? 1 : (float) (found / all);
    }

    Explanation explanation() {
        List<Explanation.Part> parts = new ArrayList<>();
        searches.forEach((part, ranges) -> parts.add(explain(part, ranges)));
        return new Explanation(asked.isEmpty() ? 0 : asked.getFirst().clock().queuedNs(), parts);
    }

    private Explanation.Part explain(SearchedPart searched, List<RowSearch> ranges) {
        List<SearchWork> works = ranges.stream().map(RowSearch::work).toList();
        SearchPlan plan = works.getFirst().plan();
        long distances = works.stream().mapToLong(SearchWork::distances).sum();
        return new Explanation.Part(
                searched.part().segment().name(),
                way(plan, searched),
                searched.part().rowCount(),
                searched.matches(),
                estimatedSelectivity(searched),
                ef(plan),
                plan == null ? 0 : Math.round(plan.costNs()),
                works.stream().mapToLong(SearchWork::timeNs).sum(),
                distances,
                works.stream().mapToLong(SearchWork::estimates).sum(),
                ranges.stream().mapToInt(range -> range.hits().size()).sum(),
                recall(searched, ranges.getFirst()),
                distances * searched.index().dimension() * Float.BYTES,
                alternatives(searched, ranges.getFirst()));
    }

    private double estimatedSelectivity(SearchedPart searched) {
        Filter filter = asked.getFirst().query().filter();
        return searched.part()
                .segment()
                .filters()
                .estimatedSelectivity(filter, searched.part().rowCount());
    }

    private static List<Explanation.Alternative> alternatives(SearchedPart searched, RowSearch search) {
        return searched.index().plans(search).stream()
                .map(plan -> new Explanation.Alternative(way(plan, searched), ef(plan), Math.round(plan.costNs())))
                .toList();
    }

    static Way way(@Nullable SearchPlan plan, SearchedPart searched) {
        return switch (plan) {
            case null -> searched.candidates() == null ? Way.SCAN : Way.SCAN_MATCHES;
            case SearchPlan.Scan _ -> Way.SCAN;
            case SearchPlan.ScanMatches _ -> Way.SCAN_MATCHES;
            case SearchPlan.ByteScan _ -> Way.BYTE_SCAN;
            case SearchPlan.CodeScan _ -> Way.CODE_SCAN;
            case SearchPlan.Graph _ -> Way.GRAPH;
            case SearchPlan.FilteredGraph _ -> Way.FILTERED_GRAPH;
        };
    }

    private static int ef(@Nullable SearchPlan plan) {
        return switch (plan) {
            case null -> 0;
            case SearchPlan.Scan _, SearchPlan.ScanMatches _, SearchPlan.ByteScan _, SearchPlan.CodeScan _ -> 0;
            case SearchPlan.Graph(int ef, double _) -> ef;
            case SearchPlan.FilteredGraph(int ef, double _) -> ef;
        };
    }

    private static float recall(SearchedPart searched, RowSearch search) {
        RecallCurve curve = searched.index().recallCurve();
        int k = Math.max(1, search.hits().k());
        return switch (search.work().plan()) {
            case null -> curve.recallAt(search.ef(), k);
            case SearchPlan.Scan _, SearchPlan.ScanMatches _, SearchPlan.ByteScan _ -> 1;
            case SearchPlan.CodeScan _ -> BlockedIndex.RECALL.recallAt(search.ef(), k);
            case SearchPlan.Graph(int ef, double _) -> curve.recallAt(ef, k, share(searched));
            case SearchPlan.FilteredGraph(int ef, double _) -> curve.recallAt(ef, k);
        };
    }

    /** Of a walk among all rows, what the filter lets through; a filter that lets nothing through is not walked for. */
    private static double share(SearchedPart searched) {
        return Math.max(1.0, (double) searched.matches()) / searched.part().rowCount();
    }
}
