package io.quiver.executor.index;

import java.util.function.IntPredicate;

/** One query of a scan: its distances to the block at hand, and which of them become hits. */
final class QueryScan {
    private final Metric metric;
    private final Kernels kernels;
    private final RowSearch search;
    private final PaddedQuery query;
    private final RowBlock block;
    private final float[] distances;

    QueryScan(Metric metric, int dimension, Kernels kernels, RowSearch search, RowBlock block) {
        if (search.query().length != dimension) {
            throw new IllegalArgumentException(
                    "a query of %d floats for rows of %d".formatted(search.query().length, dimension));
        }
        this.metric = metric;
        this.kernels = kernels;
        this.search = search;
        this.query = PaddedQuery.of(metric, search.query());
        this.block = block;
        this.distances = new float[block.offsets().length];
    }

    boolean isStopped() {
        return search.isStopped().getAsBoolean();
    }

    void scan() {
        switch (metric) {
            case SQUARED_L2 -> block.squares(kernels, query.floats(), distances);
            case COSINE, INNER_PRODUCT -> block.dots(kernels, query.floats(), distances);
        }
        offer();
    }

    void scanWith(QueryScan second) {
        float[] floats = query.floats();
        float[] secondFloats = second.query.floats();
        switch (metric) {
            case SQUARED_L2 ->
                kernels.squares(
                        block.rows(),
                        block.offsets(),
                        block.count(),
                        floats,
                        distances,
                        secondFloats,
                        second.distances);
            case COSINE, INNER_PRODUCT ->
                kernels.dots(
                        block.rows(),
                        block.offsets(),
                        block.count(),
                        floats,
                        distances,
                        secondFloats,
                        second.distances);
        }
        offer();
        second.offer();
    }

    private void offer() {
        Distances.finish(metric, query, block, distances);
        search.work().addDistances(block.count());
        NearestRows hits = search.hits();
        IntPredicate isLive = search.isLive();
        float threshold = hits.threshold();
        for (int i = 0; i < block.count(); i++) {
            if (distances[i] <= threshold && isLive.test(block.number(i))) {
                hits.offer(block.number(i), distances[i]);
                threshold = hits.threshold();
            }
        }
    }
}
