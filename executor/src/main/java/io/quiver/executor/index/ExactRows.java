package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Exact distances of rows that lie here and there, for searches that have found candidates by something shorter: the same
 * distances, to the last bit, that {@link FlatIndex} finds.
 *
 * <p>Scratch of one thread; the searches of a batch share it. <b>Memory.</b> A few rows outside the heap, where rows that are
 * computed together do not lie in one chunk.
 */
public final class ExactRows {
    /** Rows that are computed together stay in a core's first-level cache. */
    private static final long SCRATCH_BYTES = 48 * 1024;

    private static final int ROWS_MAX = 64;

    private final Metric metric;
    private final EmbeddingRows rows;
    private final SegmentAllocator memory;
    private final int rowsAtOnce;
    private final RowBlock block;
    private MemorySegment floats = MemorySegment.NULL;
    private MemorySegment norms = MemorySegment.NULL;

    /** @param memory lends the scratch; native memory, for the kernels are compiled for that */
    public ExactRows(Metric metric, EmbeddingRows rows, SegmentAllocator memory) {
        this.metric = metric;
        this.rows = rows;
        this.memory = memory;
        this.rowsAtOnce = Math.clamp(
                SCRATCH_BYTES / Kernels.strideBytes(rows.dimension()), Kernels.ROWS_A_TURN, ROWS_MAX);
        this.block = new RowBlock(rows, metric, rowsAtOnce);
    }

    /** Rows that are best offered together. */
    public int rowsAtOnce() {
        return rowsAtOnce;
    }

    /** The part of one search of the batch. */
    public Query query(RowSearch search) {
        return new Query(search);
    }

    private void fill(int[] chosen, int from, int to) {
        if (isOneChunk(chosen, from, to)) {
            block.fill(chosen, from, to);
        } else {
            requireScratch();
            block.gather(chosen, from, to, floats, norms);
        }
    }

    private boolean isOneChunk(int[] chosen, int from, int to) {
        int chunk = chosen[from] / rows.chunkRows();
        for (int i = from + 1; i < to; i++) {
            if (chosen[i] / rows.chunkRows() != chunk) {
                return false;
            }
        }
        return true;
    }

    private void requireScratch() {
        if (floats.byteSize() == 0) {
            floats = memory.allocate(rowsAtOnce * Kernels.strideBytes(rows.dimension()), 64);
            norms = memory.allocate((long) rowsAtOnce * Float.BYTES, Float.BYTES);
        }
    }

    /** One search, for which rows are computed. */
    public final class Query {
        private final QueryScan scan;

        private Query(RowSearch search) {
            this.scan = new QueryScan(metric, rows.dimension(), Kernels.best(), search, block);
        }

        /** Computes the distances of {@code count} rows, and offers those that are visible to the hits. */
        public void offer(int[] chosen, int count) {
            for (int from = 0; from < count; from += rowsAtOnce) {
                fill(chosen, from, Math.min(count, from + rowsAtOnce));
                scan.scan();
            }
        }
    }
}
