package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Computes exact distances of single rows: the same, to the last bit, that {@link FlatIndex} finds. Scratch of one thread.
 */
public final class ExactRows {
    private static final int BLOCK_ROWS = 64;

    /** Rows that are copied to be computed together stay in a core's first-level cache. */
    private static final long GATHERED_BYTES = 48 * 1024;

    private final Metric metric;
    private final EmbeddingRows rows;
    private final Kernels kernels = Kernels.best();
    private final @Nullable SegmentAllocator scratch;
    private final int rowsAtOnce;
    private final RowBlock block;
    private final float[] distances;
    private MemorySegment floats = MemorySegment.NULL;
    private MemorySegment norms = MemorySegment.NULL;

    /** @param rows lent; whoever calls keeps them alive for as long */
    public ExactRows(Metric metric, EmbeddingRows rows) {
        this(metric, rows, null);
    }

    /**
     * For rows of many small chunks.
     *
     * @param scratch lends memory into which rows of different chunks are copied, so that they come from memory side by
     *     side and are computed together; native memory, for the kernels are compiled for that
     */
    public ExactRows(Metric metric, EmbeddingRows rows, @Nullable SegmentAllocator scratch) {
        this.metric = metric;
        this.rows = rows;
        this.scratch = scratch;
        long fitting = GATHERED_BYTES / Kernels.strideBytes(rows.dimension());
        this.rowsAtOnce = scratch == null ? BLOCK_ROWS : Math.clamp(fitting, Kernels.ROWS_A_TURN, BLOCK_ROWS);
        this.block = new RowBlock(rows, metric, rowsAtOnce);
        this.distances = new float[block.offsets().length];
    }

    /** Rows that are best offered at a time. */
    public int rowsAtOnce() {
        return rowsAtOnce;
    }

    /** Offers the first {@code count} of the given rows to the hits, each with its distance to the query. */
    public void offer(float[] query, int[] numbers, int count, NearestRows hits) {
        PaddedQuery padded = PaddedQuery.of(query);
        int next;
        for (int from = 0; from < count; from = next) {
            next = fill(numbers, from, Math.min(count, from + rowsAtOnce));
            score(padded);
            for (int i = 0; i < block.count(); i++) {
                hits.offer(block.number(i), distances[i]);
            }
        }
    }

    private void score(PaddedQuery query) {
        switch (metric) {
            case SQUARED_L2 -> kernels.squares(block.rows(), block.offsets(), block.count(), query.floats(), distances);
            case COSINE, INNER_PRODUCT ->
                kernels.dots(block.rows(), block.offsets(), block.count(), query.floats(), distances);
        }
        Distances.finish(metric, query, block, distances);
    }

    /** Returns the place of the first row that has to wait. */
    private int fill(int[] numbers, int from, int to) {
        SegmentAllocator lender = scratch;
        if (lender == null || isOneChunk(numbers, from, to)) {
            return block.fill(numbers, from, to);
        }
        if (floats.byteSize() == 0) {
            floats = lender.allocate(rowsAtOnce * Kernels.strideBytes(rows.dimension()), 64);
            norms = lender.allocate((long) rowsAtOnce * Float.BYTES, Float.BYTES);
        }
        block.gather(numbers, from, to, floats, norms);
        return to;
    }

    private boolean isOneChunk(int[] numbers, int from, int to) {
        int chunk = numbers[from] / rows.chunkRows();
        for (int i = from + 1; i < to; i++) {
            if (numbers[i] / rows.chunkRows() != chunk) {
                return false;
            }
        }
        return true;
    }

    /** One search of a batch, whose query is prepared once. */
    public Query query(RowSearch search) {
        return new Query(search);
    }

    /** One search of a batch. Uses the scratch that it is of. */
    public final class Query {
        private final QueryScan scan;

        private Query(RowSearch search) {
            this.scan = new QueryScan(metric, rows.dimension(), kernels, search, block);
        }

        /** Offers those of the first {@code count} rows that are visible to the hits, and counts the work. */
        public void offer(int[] numbers, int count) {
            int next;
            for (int from = 0; from < count; from = next) {
                next = fill(numbers, from, Math.min(count, from + rowsAtOnce));
                scan.scan();
            }
        }
    }
}
