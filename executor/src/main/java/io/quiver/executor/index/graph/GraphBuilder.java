package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

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
        return new GraphBuild(rows, rowCount, metric, parameters, workers, progress, allocator).run();
    }
}
