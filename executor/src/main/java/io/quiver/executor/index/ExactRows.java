package io.quiver.executor.index;

/**
 * Computes exact distances of single rows: the same, to the last bit, that {@link FlatIndex} finds. Scratch of one
 * thread.
 */
public final class ExactRows {
    private static final int BLOCK_ROWS = 64;

    private final Metric metric;
    private final EmbeddingRows rows;
    private final Kernels kernels = Kernels.best();
    private final RowBlock block;
    private final float[] distances;

    /** @param rows lent; whoever calls keeps them alive for as long */
    public ExactRows(Metric metric, EmbeddingRows rows) {
        this.metric = metric;
        this.rows = rows;
        this.block = new RowBlock(rows, metric, BLOCK_ROWS);
        this.distances = new float[block.offsets().length];
    }

    /** Offers the first {@code count} of the given rows to the hits, each with its distance to the query. */
    public void offer(float[] query, int[] numbers, int count, NearestRows hits) {
        PaddedQuery padded = PaddedQuery.of(metric, query);
        for (int from = 0; from < count; from += BLOCK_ROWS) {
            fill(numbers, from, Math.min(count, from + BLOCK_ROWS));
            score(padded);
            for (int i = 0; i < block.count(); i++) {
                hits.offer(block.number(i), distances[i]);
            }
        }
    }

    private void score(PaddedQuery query) {
        switch (metric) {
            case SQUARED_L2 -> block.squares(kernels, query.floats(), distances);
            case COSINE, INNER_PRODUCT -> block.dots(kernels, query.floats(), distances);
        }
        Distances.finish(metric, query, block, distances);
    }

    private void fill(int[] numbers, int from, int to) {
        if (isOneChunk(numbers, from, to)) {
            block.fill(numbers, from, to);
        } else {
            block.scatter(numbers, from, to);
        }
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
            for (int from = 0; from < count; from += BLOCK_ROWS) {
                fill(numbers, from, Math.min(count, from + BLOCK_ROWS));
                scan.scan();
            }
        }
    }
}
