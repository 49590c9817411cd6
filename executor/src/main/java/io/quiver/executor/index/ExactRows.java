package io.quiver.executor.index;

/** Computes exact distances of single rows. Scratch of one thread. */
public final class ExactRows {
    private static final int BLOCK_ROWS = 64;

    private final Metric metric;
    private final Kernels kernels = Kernels.best();
    private final RowBlock block;
    private final float[] distances;

    /** @param rows lent; whoever calls keeps them alive for as long */
    public ExactRows(Metric metric, EmbeddingRows rows) {
        this.metric = metric;
        this.block = new RowBlock(rows, metric, BLOCK_ROWS);
        this.distances = new float[block.offsets().length];
    }

    /** Offers the first {@code count} of the given rows to the hits, each with its distance to the query. */
    public void offer(float[] query, int[] numbers, int count, NearestRows hits) {
        PaddedQuery padded = PaddedQuery.of(query);
        int next;
        for (int from = 0; from < count; from = next) {
            next = block.fill(numbers, from, Math.min(count, from + BLOCK_ROWS));
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
}
