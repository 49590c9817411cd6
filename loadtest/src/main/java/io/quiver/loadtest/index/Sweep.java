package io.quiver.loadtest.index;

import io.quiver.executor.index.RowSearch;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.index.engine.Searcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/** Finds the widths that matter for each way to search, then measures them all in turns. */
final class Sweep {
    private static final List<Integer> WIDTHS = List.of(
            10,
            12,
            14,
            17,
            20,
            24,
            28,
            34,
            40,
            48,
            57,
            68,
            80,
            RowSearch.EF_DEFAULT,
            120,
            140,
            170,
            200,
            240,
            280,
            340,
            400,
            480,
            570,
            680,
            800,
            960,
            1_200,
            1_600);

    /** A wider search than one of this recall is not measured. */
    private static final double RECALL_ENOUGH = 0.9955;

    private static final int FLAT_WIDTHS = 3;
    private static final double FLAT_GAIN = 5e-4;

    /** No query of a sweep may cost more in the pass that measures recall, all queries together. */
    private static final double RECALL_SECONDS_MAX = 20;

    private final DataSet set;
    private final int rounds;
    private final double roundSeconds;

    Sweep(DataSet set, int rounds, double roundSeconds) {
        this.set = set;
        this.rounds = rounds;
        this.roundSeconds = roundSeconds;
    }

    List<Curve> run(List<Searcher> searchers) throws IOException {
        List<List<Trial>> trials = explore(searchers);
        measure(trials);
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < searchers.size(); i++) {
            Searcher searcher = searchers.get(i);
            List<Point> points = trials.get(i).stream().map(Trial::point).toList();
            curves.add(new Curve(searcher.name(), searcher.family(), searcher.sizeBytes(), points));
        }
        return curves;
    }

    private List<List<Trial>> explore(List<Searcher> searchers) throws IOException {
        List<List<Trial>> trials = new ArrayList<>();
        try (ProgressBar bar = new ProgressBar("recall", searchers.size())) {
            for (Searcher searcher : searchers) {
                bar.setExtraMessage(searcher.name());
                trials.add(explore(searcher));
                bar.step();
            }
        }
        return trials;
    }

    /** Widths from the widest that misses the lowest level to the first that reaches the highest and the default. */
    private List<Trial> explore(Searcher searcher) throws IOException {
        List<Trial> trials = new ArrayList<>();
        for (int ef : searcher.hasWidths() ? WIDTHS : List.of(Searcher.K)) {
            Trial trial = new Trial(searcher, set, ef);
            trial.measureRecall(RECALL_SECONDS_MAX);
            trials.add(trial);
            if (ef >= RowSearch.EF_DEFAULT && (trial.recall() >= RECALL_ENOUGH || isFlat(trials))) {
                break;
            }
        }
        return fromLowestLevel(trials);
    }

    private static List<Trial> fromLowestLevel(List<Trial> trials) {
        int first = 0;
        while (first + 1 < trials.size() && trials.get(first + 1).recall() < Curve.LEVELS.getFirst()) {
            first++;
        }
        return trials.subList(first, trials.size());
    }

    /** Whether the last three widths found no more than the one before them: what is lost then is lost for good. */
    private static boolean isFlat(List<Trial> trials) {
        int last = trials.size() - 1;
        return last >= FLAT_WIDTHS
                && trials.get(last).recall() - trials.get(last - FLAT_WIDTHS).recall() < FLAT_GAIN;
    }

    private void measure(List<List<Trial>> trials) throws IOException {
        int longest = trials.stream().mapToInt(List::size).max().orElse(0);
        long count = trials.stream().mapToInt(List::size).sum();
        try (ProgressBar bar = new ProgressBar("rounds", rounds * count)) {
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < longest; i++) {
                    bar.stepBy(turn(trials, i));
                }
            }
        }
    }

    /** Measures the {@code i}-th width of every searcher, one after the other. */
    private int turn(List<List<Trial>> trials, int i) throws IOException {
        int measured = 0;
        for (List<Trial> each : trials) {
            if (i < each.size()) {
                each.get(i).measureSpeed(roundSeconds);
                measured++;
            }
        }
        return measured;
    }
}
