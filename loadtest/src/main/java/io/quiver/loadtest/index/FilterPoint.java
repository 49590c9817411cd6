package io.quiver.loadtest.index;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a search within a filter showed, beside what it has to be measured by.
 *
 * @param recall against an exact search among the matches
 * @param recallWanted of the same width without a filter
 * @param queriesPerSecond of the search, of processor time as the two that follow
 * @param unfiltered the same width without a filter
 * @param scan the exact scan of the matches
 */
record FilterPoint(
        FilterKind kind,
        double selectivity,
        int matches,
        int ef,
        double recall,
        double recallWanted,
        double queriesPerSecond,
        double unfiltered,
        double scan) {
    private static final double RECALL_TOLERANCE = 0.01;

    /** Speed over the slower of what could have been done instead. */
    double speedOverNeeded() {
        return queriesPerSecond / Math.min(unfiltered, scan);
    }

    boolean isRecallKept() {
        return recall >= recallWanted - RECALL_TOLERANCE;
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind.title());
        json.put("selectivity", selectivity);
        json.put("matches", matches);
        json.put("ef", ef);
        json.put("recall", recall);
        json.put("recall_wanted", recallWanted);
        json.put("queries_per_cpu_second", queriesPerSecond);
        json.put("unfiltered_queries_per_cpu_second", unfiltered);
        json.put("scan_queries_per_cpu_second", scan);
        return json;
    }
}
