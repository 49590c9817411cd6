package io.quiver.loadtest.index;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.plan.CostCalibration;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.ExactSearch;
import io.quiver.loadtest.index.engine.Family;
import io.quiver.loadtest.index.engine.QuiverSearcher;
import io.quiver.loadtest.index.engine.Searcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/**
 * Searches within filters of growing selectivity, in turns with the same search without one and with the exact scan.
 */
final class FilterSweep {
    private static final List<Double> SELECTIVITIES = List.of(0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.9);

    /** What there must be searchers of. */
    static final List<Family> NEEDED = List.of(Family.QUIVER, Family.EXACT);

    /** The width is the narrowest that finds as much without a filter. */
    private static final double RECALL = 0.95;

    private static final int QUERIES_MAX = 500;
    private static final double RECALL_SECONDS_MAX = 20;

    private final DataSet set;
    private final int rounds;
    private final double roundSeconds;
    private final QuiverSearcher graph;
    private final QuiverSearcher scan;

    /** @param searchers must have some of {@link #NEEDED} */
    FilterSweep(DataSet set, int rounds, double roundSeconds, List<Searcher> searchers) {
        this.set = set.withQueries(QUERIES_MAX);
        this.rounds = rounds;
        this.roundSeconds = roundSeconds;
        this.graph = first(Family.QUIVER, searchers);
        this.scan = first(Family.EXACT, searchers);
    }

    private static QuiverSearcher first(Family family, List<Searcher> searchers) {
        return searchers.stream()
                .filter(searcher -> searcher.family() == family)
                .map(QuiverSearcher.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** @param curve of the graph without a filter */
    List<FilterPoint> run(Curve curve) throws IOException {
        CostCalibration.run();
        int ef = curve.narrowest(RECALL).ef();
        List<FilterPoint> points = new ArrayList<>();
        try (ProgressBar bar = new ProgressBar("filters", (long) FilterKind.values().length * SELECTIVITIES.size())) {
            for (FilterKind kind : FilterKind.values()) {
                List<RowSet> accepted = kind.accepted(set, SELECTIVITIES);
                for (int i = 0; i < accepted.size(); i++) {
                    points.add(measure(kind, SELECTIVITIES.get(i), accepted.get(i), ef));
                    bar.step();
                }
            }
        }
        return points;
    }

    private FilterPoint measure(FilterKind kind, double selectivity, RowSet rows, int ef) throws IOException {
        DataSet within =
                set.withTruth(ExactSearch.nearest(set.base(), set.queries(), set.space(), Searcher.K, rows::contains));
        Trial filtered = new Trial(graph.within(rows), within, ef);
        Trial scanned = new Trial(scan.within(rows), within, Searcher.K);
        Trial unfiltered = new Trial(graph, set, ef);
        inTurns(List.of(filtered, scanned, unfiltered));
        return new FilterPoint(
                kind,
                selectivity,
                rows.count(),
                ef,
                filtered.recall(),
                unfiltered.recall(),
                filtered.point().queriesPerSecond(),
                unfiltered.point().queriesPerSecond(),
                scanned.point().queriesPerSecond());
    }

    private void inTurns(List<Trial> trials) throws IOException {
        for (Trial trial : trials) {
            trial.measureRecall(RECALL_SECONDS_MAX);
        }
        for (int round = 0; round < rounds; round++) {
            for (Trial trial : trials) {
                trial.measureSpeed(roundSeconds);
            }
        }
    }
}
