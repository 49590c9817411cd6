package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.graph.BuildProgress;
import io.quiver.executor.index.graph.GraphBuilder;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.graph.GraphParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

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

    /** A graph in memory of its own. */
    public record Graph(Corpus corpus, Arena arena, MemorySegment image) implements BuiltIndex {
        @Override
        public List<Searcher> searchers() {
            GraphIndex index = GraphIndex.open(image, corpus.rows(), corpus.count(), corpus.metric());
            return List.of(
                    new QuiverSearcher(Family.QUIVER, index, sizeBytes(), corpus),
                    new QuiverSearcher(Family.QUIVER_BATCH, index, sizeBytes(), corpus));
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
