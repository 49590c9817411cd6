package io.quiver.loadtest.index;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.index.engine.BuiltIndex;
import io.quiver.loadtest.index.engine.Corpus;
import io.quiver.loadtest.index.engine.Engine;
import io.quiver.loadtest.index.engine.Family;
import io.quiver.loadtest.index.engine.Searcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One run over one data set: builds the engines one after the other, then measures them in turns.
 *
 * @param engines what is compared
 * @param buildThreads with how many threads Quiver is built besides one
 * @param rounds how often each point is measured
 * @param roundSeconds processor time of one measurement
 * @param hasFilters whether searches within filters are measured too, which needs Quiver's graph and its exact scan
 */
public record Comparison(
        List<Engine> engines, List<Integer> buildThreads, int rounds, double roundSeconds, boolean hasFilters) {
    /** So many times a round's processor time goes into warming each engine's build. */
    private static final int WARM_ROUNDS = 10;

    public Comparison {
        engines = List.copyOf(engines);
        buildThreads = List.copyOf(buildThreads);
        List<Family> families = engines.stream().map(Engine::family).toList();
        if (hasFilters && !families.containsAll(FilterSweep.NEEDED)) {
            throw new IllegalArgumentException("filters need the engines quiver and exact");
        }
    }

    public Outcome run(DataSet set) throws IOException {
        try (Corpus corpus = new Corpus(set)) {
            Builder builder = new Builder(corpus, WARM_ROUNDS * roundSeconds);
            try {
                builder.build(engines, buildThreads);
                List<Searcher> searchers = searchers(builder.indexes());
                List<Curve> curves = new Sweep(set, rounds, roundSeconds).run(searchers);
                List<FilterPoint> filters = hasFilters ? filters(set, searchers, curves) : List.of();
                return new Outcome(set, builder.builds(), builder.isSameOnAnyThreads(), curves, filters);
            } finally {
                close(builder.indexes());
            }
        }
    }

    private List<FilterPoint> filters(DataSet set, List<Searcher> searchers, List<Curve> curves) throws IOException {
        FilterSweep sweep = new FilterSweep(set, rounds, roundSeconds, searchers);
        return sweep.run(curves.stream()
                .filter(curve -> curve.family() == Family.QUIVER)
                .findFirst()
                .orElseThrow());
    }

    private static List<Searcher> searchers(List<BuiltIndex> indexes) throws IOException {
        List<Searcher> searchers = new ArrayList<>();
        for (BuiltIndex index : indexes) {
            searchers.addAll(index.searchers());
        }
        return searchers;
    }

    private static void close(List<BuiltIndex> indexes) throws IOException {
        for (BuiltIndex index : indexes) {
            index.close();
        }
    }
}
