package io.quiver.loadtest.index;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The graph of one generation of a churn.
 *
 * @param number 0 for the graph that was built before the first delete
 * @param graph how it was made: joined from the one before, or built from nothing for comparison
 * @param cpuSeconds of making it
 * @param ef a narrow width, and the recall there
 * @param recallByDefault at the width that searches have by default
 * @param lost rows that a search for their own embedding does not find, at the default width; -1 where nobody looked
 */
record Generation(
        int number, String graph, double cpuSeconds, int ef, double recall, double recallByDefault, int lost) {
    static final String HEAD = "%-10s %-7s %8s %6s %8s %8s %6s"
            .formatted("generation", "graph", "cpu s", "ef", "recall", "default", "lost");

    String line() {
        return "%10d %-7s %8.2f %6d %8.4f %8.4f %6s"
                .formatted(number, graph, cpuSeconds, ef, recall, recallByDefault, lost < 0 ? "" : lost);
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("generation", number);
        json.put("graph", graph);
        json.put("cpu_seconds", cpuSeconds);
        json.put("ef", ef);
        json.put("recall", recall);
        json.put("recall_by_default", recallByDefault);
        if (lost >= 0) {
            json.put("lost", lost);
        }
        return json;
    }
}
