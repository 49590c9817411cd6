package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.blocked.BlockedCodes;
import io.quiver.executor.index.blocked.BlockedIndex;
import io.quiver.executor.index.graph.BuildProgress;
import io.quiver.executor.index.graph.GraphBuilder;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.graph.GraphParameters;
import io.quiver.executor.index.graph.OlderGraph;
import io.quiver.executor.index.plan.PlannedIndex;
import io.quiver.executor.segment.HotMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Quiver's graph in the memory that a hot segment has, built with as many threads as wanted. */
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
        HotMemory memory = HotMemory.unbudgeted();
        try (BuildThreads workers = new BuildThreads(threads)) {
            MemorySegment image = GraphBuilder.build(
                    corpus.rows(),
                    corpus.count(),
                    corpus.metric(),
                    GraphParameters.DEFAULT,
                    workers,
                    BuildProgress.NONE,
                    memory);
            return Graph.of(corpus, memory, image);
        } catch (Throwable failure) {
            memory.close();
            throw failure;
        }
    }

    /**
     * Makes a graph of one over older rows.
     *
     * @param newRows what became of each of these: a row of the corpus, or negative where it was dropped
     */
    public Graph join(Corpus corpus, Graph older, int[] newRows) {
        HotMemory memory = HotMemory.unbudgeted();
        try (BuildThreads workers = new BuildThreads(threads)) {
            Optional<MemorySegment> image = GraphBuilder.join(
                    corpus.rows(),
                    corpus.count(),
                    List.of(new OlderGraph(older.index(), newRows)),
                    GraphParameters.DEFAULT,
                    workers,
                    BuildProgress.NONE,
                    memory);
            return Graph.of(
                    corpus, memory, image.orElseThrow(() -> new IllegalStateException("there is too little to join")));
        } catch (Throwable failure) {
            memory.close();
            throw failure;
        }
    }

    /** A graph in memory of its own, and the codes of all rows that a segment keeps beside it for filters. */
    public record Graph(
            Corpus corpus,
            HotMemory memory,
            MemorySegment image,
            Arena arena,
            @Nullable BlockedCodes codes) implements BuiltIndex {
        private static Graph of(Corpus corpus, HotMemory memory, MemorySegment image) {
            Arena arena = Arena.ofShared();
            if (!BlockedCodes.isWorthwhile(corpus.rows().dimension())) {
                return new Graph(corpus, memory, image, arena, null);
            }
            BlockedCodes codes = new BlockedCodes(corpus.metric(), corpus.rows(), corpus.count(), arena);
            codes.extend(corpus.count());
            return new Graph(corpus, memory, image, arena, codes);
        }

        @Override
        public List<Searcher> searchers() {
            GraphIndex index = index();
            return List.of(searcher(Family.QUIVER, index), searcher(Family.QUIVER_BATCH, index));
        }

        /** The way that asks one query at a time. */
        public QuiverSearcher searcher() {
            return searcher(Family.QUIVER, index());
        }

        private GraphIndex index() {
            return GraphIndex.open(image, corpus.rows(), corpus.count(), corpus.metric());
        }

        /** Within a filter the planner decides, as in a segment: it may scan the matches instead. */
        private QuiverSearcher searcher(Family family, GraphIndex index) {
            FlatIndex scan = new FlatIndex(corpus.metric(), corpus.rows());
            PlannedIndex planned =
                    new PlannedIndex(index, scan, corpus.count(), RecallCurve.EXACT).withBytes(index.byBytes(arena));
            return new QuiverSearcher(
                    family,
                    index,
                    codes == null ? planned : planned.withCodes(new BlockedIndex(codes)),
                    sizeBytes(),
                    corpus);
        }

        @Override
        public long sizeBytes() {
            return image.byteSize()
                    + (codes == null ? 0 : BlockedCodes.sizeBytes(corpus.rows().dimension(), corpus.count()));
        }

        /** Whether two builds gave the same bytes. */
        public boolean isSame(Graph other) {
            return image.mismatch(other.image) < 0;
        }

        @Override
        public void close() {
            arena.close();
            memory.close();
        }
    }
}
