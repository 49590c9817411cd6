package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.graph.BuildWorkers;
import io.quiver.executor.index.graph.CompactBuilder;
import io.quiver.executor.index.graph.CompactIndex;
import io.quiver.loadtest.index.engine.QuiverEngine.Graph;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Quiver's compact form, made from the graph, which is not kept. */
final class CompactEngine implements Engine {
    @Override
    public String name() {
        return "quiver-compact";
    }

    @Override
    public Family family() {
        return Family.QUIVER_COMPACT;
    }

    @Override
    public BuiltIndex build(Corpus corpus) {
        Arena arena = Arena.ofShared();
        try (Graph graph = new QuiverEngine(1).build(corpus)) {
            MemorySegment image = CompactBuilder.build(graph.image(), corpus.rows(), BuildWorkers.ONE, arena);
            return new Compact(corpus, arena, image);
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    /** An image in memory of its own. */
    private record Compact(Corpus corpus, Arena arena, MemorySegment image) implements BuiltIndex {
        @Override
        public List<Searcher> searchers() {
            CompactIndex index = CompactIndex.open(image, corpus.rows(), corpus.count(), corpus.metric());
            return List.of(
                    new QuiverSearcher(Family.QUIVER_COMPACT, index, index, sizeBytes(), corpus),
                    new QuiverSearcher(Family.QUIVER_COMPACT_BATCH, index, index, sizeBytes(), corpus));
        }

        @Override
        public long sizeBytes() {
            return image.byteSize();
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
