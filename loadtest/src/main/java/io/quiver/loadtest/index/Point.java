package io.quiver.loadtest.index;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one width of search showed.
 *
 * @param rounds queries a second of processor time, one entry a round
 */
record Point(int ef, double recall, List<Double> rounds) {
    Point {
        rounds = List.copyOf(rounds);
    }

    /** The median of the rounds. */
    double queriesPerSecond() {
        return Medians.of(rounds);
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ef", ef);
        json.put("recall", recall);
        json.put("queries_per_cpu_second", queriesPerSecond());
        json.put("rounds", rounds);
        return json;
    }
}
