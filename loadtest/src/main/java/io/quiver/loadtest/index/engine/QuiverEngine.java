package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.graph.BuildProgress;
import io.quiver.executor.index.graph.GraphBuilder;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.graph.GraphParameters;
import io.quiver.executor.index.graph.OlderGraph;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Quiver's graph, built with as many threads as wanted. */
public final class QuiverEngine implements Engine {
    private final int threads;

    public QuiverEngine(int threads) {
        this.threads = threads;
    }

    @Override
    public String name() {
        return threads == 1 ? "quiver" : "quiver, %d threads".formatted(threads);
    }

    @Override
    public Family family() {
        return Family.QUIVER;
    }

    @Override
    public Graph build(Corpus corpus) {
        Arena arena = Arena.ofShared();
        try (BuildThreads workers = new BuildThreads(threads)) {
            MemorySegment image = GraphBuilder.build(
                    corpus.rows(),
                    corpus.count(),
                    corpus.metric(),
                    GraphParameters.DEFAULT,
                    workers,
                    BuildProgress.NONE,
                    arena);
            return new Graph(corpus, arena, image);
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    /**
     * Makes a graph of one over older rows.
     *
     * @param newRows what became of each of these: a row of the corpus, or negative where it was dropped
     */
    public Graph join(Corpus corpus, Graph older, int[] newRows) {
        Arena arena = Arena.ofShared();
        try (BuildThreads workers = new BuildThreads(threads)) {
            Optional<MemorySegment> image = GraphBuilder.join(
                    corpus.rows(),
                    corpus.count(),
                    List.of(new OlderGraph(older.index(), newRows)),
                    GraphParameters.DEFAULT,
                    workers,
                    BuildProgress.NONE,
                    arena);
            return new Graph(
                    corpus, arena, image.orElseThrow(() -> new IllegalStateException("there is too little to join")));
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    /** A graph in memory of its own. */
    public record Graph(Corpus corpus, Arena arena, MemorySegment image) implements BuiltIndex {
        @Override
        public List<Searcher> searchers() {
            return List.of(searcher(), new QuiverSearcher(Family.QUIVER_BATCH, index(), sizeBytes(), corpus));
        }

        /** The way that asks one query at a time. */
        public QuiverSearcher searcher() {
            return new QuiverSearcher(Family.QUIVER, index(), sizeBytes(), corpus);
        }

        private GraphIndex index() {
            return GraphIndex.open(image, corpus.rows(), corpus.count(), corpus.metric());
        }

        @Override
        public long sizeBytes() {
            return image.byteSize();
        }

        /** Whether two builds gave the same bytes. */
        public boolean isSame(Graph other) {
            return image.mismatch(other.image) < 0;
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
