package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import java.util.Optional;

/** Builds the image of a graph over the rows of a segment. */
public final class GraphBuilder {
    private GraphBuilder() {}

    /**
     * Builds the graph of rows 0 to {@code rowCount - 1}.
     *
     * @param allocator gives the memory of the image, once, zeroed, aligned to 64 bytes at least
     */
    public static MemorySegment build(
            EmbeddingRows rows,
            int rowCount,
            Metric metric,
            GraphParameters parameters,
            BuildWorkers workers,
            BuildProgress progress,
            SegmentAllocator allocator) {
        CodeSpace space = CodeSpace.of(metric, rows, rowCount, parameters.seed());
        int[] order = InsertionOrder.of(rowCount, parameters.seed());
        return new GraphBuild(rows, order, space, parameters, workers, progress, allocator).run();
    }

    /**
     * Builds the graph of rows 0 to {@code rowCount - 1}, some of which older graphs know: the largest of these is
     * taken over and repaired where it lost nodes, all other rows are inserted into it. Empty, and no memory taken,
     * where that would not be cheaper or worse than {@link #build}: see {@link JoinBase}. The same graphs give the same
     * image on any number of threads.
     *
     * @param older graphs of the same metric and dimension
     * @param allocator as in {@link #build}
     */
    public static Optional<MemorySegment> join(
            EmbeddingRows rows,
            int rowCount,
            List<OlderGraph> older,
            GraphParameters parameters,
            BuildWorkers workers,
            BuildProgress progress,
            SegmentAllocator allocator) {
        return JoinBase.choose(older, rows, rowCount).map(base -> {
            int[] order = InsertionOrder.after(base, rowCount, parameters.seed());
            return new GraphBuild(rows, order, base.space(), parameters, workers, progress, allocator).run(base);
        });
    }
}
