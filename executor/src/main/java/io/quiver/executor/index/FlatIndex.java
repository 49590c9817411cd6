package io.quiver.executor.index;

import java.util.ArrayList;
import java.util.List;

/**
 * Exact search: looks at every row, or at every row that a filter accepts.
 *
 * <p>Rows are taken in blocks that fit a core's cache, and each block is compared with every query of the batch before
 * the next one is read, so a batch reads memory once.
 */
public final class FlatIndex implements VectorIndex {
    /** Rows of a block together: within a core's second-level cache, and long enough for the memory to run ahead. */
    private static final long BLOCK_BYTES = 256 * 1024;

    /** Between two blocks a search asks whether it should stop. */
    private static final int BLOCK_ROWS_MAX = 1024;

    /** Fewer rows would make what a block costs by itself felt. */
    private static final int BLOCK_ROWS_MIN = 64;

    private final Metric metric;
    private final EmbeddingRows rows;
    private final Kernels kernels;
    private final int blockRows;

    /** @param rows lent; whoever searches keeps them alive for as long */
    public FlatIndex(Metric metric, EmbeddingRows rows) {
        this(metric, rows, Kernels.best());
    }

    FlatIndex(Metric metric, EmbeddingRows rows, Kernels kernels) {
        this.metric = metric;
        this.rows = rows;
        this.kernels = kernels;
        this.blockRows = blockRows(rows.dimension());
    }

    @Override
    public Metric metric() {
        return metric;
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    /** Ranges end between blocks, and hold equally many up to one. */
    @Override
    public List<RowRange> divide(int rowCount, int parts) {
        int blocks = Math.ceilDiv(rowCount, blockRows);
        int ranges = Math.min(blocks, parts);
        List<RowRange> divided = new ArrayList<>(ranges);
        for (int i = 0; i < ranges; i++) {
            long from = (long) blocks * i / ranges * blockRows;
            long to = (long) blocks * (i + 1) / ranges * blockRows;
            divided.add(new RowRange((int) from, (int) Math.min(to, rowCount)));
        }
        return divided;
    }

    @Override
    public void search(List<RowSearch> searches, RowRange range) {
        new FlatScan(metric, rows, kernels, blockRows, searches).run(range);
    }

    private static int blockRows(int dimension) {
        long fitting = BLOCK_BYTES / Kernels.strideBytes(dimension);
        return Math.clamp(fitting, BLOCK_ROWS_MIN, BLOCK_ROWS_MAX) / BLOCK_ROWS_MIN * BLOCK_ROWS_MIN;
    }
}
