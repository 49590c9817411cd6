package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.graph.BuildProgress;
import io.quiver.executor.index.graph.GraphBuilder;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.graph.GraphParameters;
import io.quiver.executor.index.plan.PlannedIndex;
import io.quiver.executor.segment.HotMemory;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Quiver's graph in the memory that a hot segment has, built with as many threads as wanted. */
public final class QuiverEngine implements Engine {
    /** More than any machine has. */
    private static final long MEMORY_BYTES_MAX = 1L << 50;

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
        HotMemory memory = new HotMemory(new OffHeapBudget(MEMORY_BYTES_MAX), Owner.GRAPH);
        try (BuildThreads workers = new BuildThreads(threads)) {
            MemorySegment image = GraphBuilder.build(
                    corpus.rows(),
                    corpus.count(),
                    corpus.metric(),
                    GraphParameters.DEFAULT,
                    workers,
                    BuildProgress.NONE,
                    memory);
            return new Graph(corpus, memory, image);
        } catch (Throwable failure) {
            memory.close();
            throw failure;
        }
    }

    /** A graph in memory of its own. */
    public record Graph(Corpus corpus, HotMemory memory, MemorySegment image) implements BuiltIndex {
        @Override
        public List<Searcher> searchers() {
            GraphIndex index = GraphIndex.open(image, corpus.rows(), corpus.count(), corpus.metric());
            return List.of(searcher(Family.QUIVER, index), searcher(Family.QUIVER_BATCH, index));
        }

        /** Within a filter the planner decides, as in a segment: it may scan the matches instead. */
        private QuiverSearcher searcher(Family family, GraphIndex index) {
            FlatIndex scan = new FlatIndex(corpus.metric(), corpus.rows());
            PlannedIndex planned = new PlannedIndex(index, scan, corpus.count(), RecallCurve.EXACT);
            return new QuiverSearcher(family, index, planned, sizeBytes(), corpus);
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
            memory.close();
        }
    }
}
