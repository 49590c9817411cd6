package io.quiver.loadtest.index;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.index.engine.BuiltIndex;
import io.quiver.loadtest.index.engine.Corpus;
import io.quiver.loadtest.index.engine.Engine;
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
 */
public record Comparison(List<Engine> engines, List<Integer> buildThreads, int rounds, double roundSeconds) {
    public Comparison {
        engines = List.copyOf(engines);
        buildThreads = List.copyOf(buildThreads);
    }

    public Outcome run(DataSet set) throws IOException {
        try (Corpus corpus = new Corpus(set)) {
            Builder builder = new Builder(corpus);
            try {
                builder.build(engines, buildThreads);
                List<Curve> curves = new Sweep(set, rounds, roundSeconds).run(searchers(builder.indexes()));
                return new Outcome(set, builder.builds(), builder.isSameOnAnyThreads(), curves);
            } finally {
                close(builder.indexes());
            }
        }
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
