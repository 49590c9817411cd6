package io.quiver.loadtest.index;

import io.quiver.loadtest.index.engine.Family;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recall against speed of one way to search, in points of growing width. */
record Curve(String name, Family family, long sizeBytes, List<Point> points) {
    /** Where engines are compared. */
    static final List<Double> LEVELS = List.of(0.90, 0.95, 0.98, 0.99, 0.995);

    Curve {
        points = List.copyOf(points);
    }

    /**
     * Queries a second at a recall, by linear interpolation between the points around it. The speed of the first point
     * where that already finds more, for a narrower search there is not; NaN where no point finds as much.
     */
    double queriesPerSecondAt(double recall) {
        List<Point> best = undominated();
        for (int i = 0; i < best.size(); i++) {
            if (best.get(i).recall() >= recall) {
                return i == 0 ? best.get(0).queriesPerSecond() : between(best.get(i - 1), best.get(i), recall);
            }
        }
        return Double.NaN;
    }

    /** The narrowest search that finds as much, or the widest there is where none does. */
    Point narrowest(double recall) {
        return points.stream()
                .filter(point -> point.recall() >= recall)
                .findFirst()
                .orElse(points.getLast());
    }

    private static double between(Point below, Point above, double recall) {
        double share = (recall - below.recall()) / (above.recall() - below.recall());
        return below.queriesPerSecond() + share * (above.queriesPerSecond() - below.queriesPerSecond());
    }

    /** By recall, without points that another one beats in both. */
    private List<Point> undominated() {
        List<Point> best = new ArrayList<>();
        List<Point> sorted = points.stream()
                .sorted(Comparator.comparingDouble(Point::recall)
                        .reversed()
                        .thenComparing(Comparator.comparingDouble(Point::queriesPerSecond)
                                .reversed()))
                .toList();
        for (Point point : sorted) {
            if (best.isEmpty() || point.queriesPerSecond() > best.getLast().queriesPerSecond()) {
                best.add(point);
            }
        }
        return best.reversed();
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("family", family.title());
        json.put("size_bytes", sizeBytes);
        json.put("at_recall", levels());
        json.put("points", points.stream().map(Point::toJson).toList());
        return json;
    }

    private Map<String, Object> levels() {
        Map<String, Object> levels = new LinkedHashMap<>();
        for (double level : LEVELS) {
            double speed = queriesPerSecondAt(level);
            levels.put(String.valueOf(level), Double.isNaN(speed) ? null : speed);
        }
        return levels;
    }
}
