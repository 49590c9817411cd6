package io.quiver.loadtest.index;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.index.engine.Family;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run over one data set showed.
 *
 * @param isSameOnAnyThreads whether Quiver's builds gave the same bytes
 * @param filters empty where searches within filters were not asked for
 */
public record Outcome(
        String name,
        String space,
        int rows,
        int dimension,
        int queries,
        List<Build> builds,
        boolean isSameOnAnyThreads,
        List<Curve> curves,
        List<FilterPoint> filters) {
    public Outcome {
        builds = List.copyOf(builds);
        curves = List.copyOf(curves);
        filters = List.copyOf(filters);
    }

    Outcome(
            DataSet set,
            List<Build> builds,
            boolean isSameOnAnyThreads,
            List<Curve> curves,
            List<FilterPoint> filters) {
        this(
                set.name(),
                set.space().wireName(),
                set.base().count(),
                set.base().dimension(),
                set.queries().count(),
                builds,
                isSameOnAnyThreads,
                curves,
                filters);
    }

    /** Queries a second of the best configuration of a family at a recall, NaN where none reaches it. */
    double best(Family family, double recall) {
        return curves.stream()
                .filter(curve -> curve.family() == family)
                .mapToDouble(curve -> curve.queriesPerSecondAt(recall))
                .filter(speed -> !Double.isNaN(speed))
                .max()
                .orElse(Double.NaN);
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("space", space);
        json.put("rows", rows);
        json.put("dimension", dimension);
        json.put("queries", queries);
        json.put("builds", builds.stream().map(Build::toJson).toList());
        json.put("same_on_any_threads", isSameOnAnyThreads);
        json.put("searches", curves.stream().map(Curve::toJson).toList());
        json.put("filters", filters.stream().map(FilterPoint::toJson).toList());
        return json;
    }
}
