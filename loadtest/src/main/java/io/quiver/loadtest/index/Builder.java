package io.quiver.loadtest.index;

import io.quiver.loadtest.index.engine.BuiltIndex;
import io.quiver.loadtest.index.engine.Corpus;
import io.quiver.loadtest.index.engine.Engine;
import io.quiver.loadtest.index.engine.Family;
import io.quiver.loadtest.index.engine.QuiverEngine;
import io.quiver.loadtest.index.engine.QuiverEngine.Graph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/** Builds engines over one corpus, each timed after small builds that warm its code. */
final class Builder {
    private static final int WARM_ROWS = 5_000;

    private final Corpus corpus;
    private final double warmSeconds;
    private final List<Build> builds = new ArrayList<>();
    private final List<BuiltIndex> indexes = new ArrayList<>();
    private boolean isSameOnAnyThreads = true;

    /** @param warmSeconds how long small builds go on before the one that counts */
    Builder(Corpus corpus, double warmSeconds) {
        this.corpus = corpus;
        this.warmSeconds = warmSeconds;
    }

    /** What was built, to be closed by the caller, also when {@link #build} fails. */
    List<BuiltIndex> indexes() {
        return indexes;
    }

    List<Build> builds() {
        return builds;
    }

    /** Whether all builds of Quiver gave the same bytes, however many threads they had. */
    boolean isSameOnAnyThreads() {
        return isSameOnAnyThreads;
    }

    void build(List<Engine> engines, List<Integer> threads) throws IOException {
        try (Corpus warm = new Corpus(corpus.set().head(WARM_ROWS));
                ProgressBar bar = new ProgressBar("building", engines.size())) {
            for (Engine engine : engines) {
                bar.setExtraMessage(engine.name());
                build(engine, warm, threads);
                bar.step();
            }
        }
    }

    private void build(Engine engine, Corpus warm, List<Integer> threads) throws IOException {
        if (engine.family() == Family.EXACT) {
            indexes.add(engine.build(corpus));
            return;
        }
        warm(engine, warm);
        indexes.add(timed(engine));
        if (engine.family() == Family.QUIVER) {
            buildAgain((Graph) indexes.getLast(), threads);
        }
    }

    private void warm(Engine engine, Corpus few) throws IOException {
        double begin = CpuTime.ofProcessSeconds();
        do {
            engine.build(few).close();
        } while (CpuTime.ofProcessSeconds() - begin < warmSeconds);
    }

    private void buildAgain(Graph first, List<Integer> threads) throws IOException {
        for (int count : threads) {
            if (count > 1) {
                try (Graph again = (Graph) timed(new QuiverEngine(count))) {
                    isSameOnAnyThreads &= first.isSame(again);
                }
            }
        }
    }

    private BuiltIndex timed(Engine engine) throws IOException {
        prepare();
        double wall = System.nanoTime() / 1e9;
        double cpu = CpuTime.ofProcessSeconds();
        BuiltIndex index = engine.build(corpus);
        builds.add(new Build(
                engine.name(),
                engine.family(),
                corpus.count(),
                System.nanoTime() / 1e9 - wall,
                CpuTime.ofProcessSeconds() - cpu,
                index.sizeBytes(),
                corpus.rawBytes()));
        return index;
    }

    /** What all engines read is made before the clock runs, and what the last one left is collected. */
    private void prepare() {
        corpus.prepare();
        System.gc();
    }
}
