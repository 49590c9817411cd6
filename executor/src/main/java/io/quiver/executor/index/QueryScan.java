package io.quiver.executor.index;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One query of a scan: its distances to the block at hand, and which of them become hits.
 *
 * <p>Of long rows and squared distances the first half is summed first: a row that is farther by that alone than all
 * hits is left out, and half of it is never read from memory. Where that leaves out too few, it is not done any more.
 * The others are summed anew from the beginning, so that their distances are the same to the last bit.
 */
final class QueryScan {
    /** A row of fewer floats is mostly read by the time its half is. */
    private static final int HALVED_DIMENSION_MIN = 512;

    /** Sums of so many floats differ by less, in whatever order they are added. */
    private static final float ROUNDING = 1.001f;

    private final Metric metric;
    private final Kernels kernels;
    private final RowSearch search;
    private final PaddedQuery query;
    private final RowBlock block;
    private final float[] distances;

    /** The first half of the query, {@code null} where rows are looked at as a whole. */
    private float @Nullable [] half;

    /**
     * Blocks of which most rows are kept before halves are given up; what comes first is kept, for hits are not near
     * yet.
     */
    private int patience = 3;

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
        this.half = metric == Metric.SQUARED_L2 && dimension >= HALVED_DIMENSION_MIN ? half(query.floats()) : null;
    }

    private static float[] half(float[] query) {
        return Arrays.copyOf(query, Kernels.paddedDimension(query.length / 2));
    }

    boolean isStopped() {
        return search.isStopped().getAsBoolean();
    }

    /** Looks at the block alone, of which rows may be missing afterwards. */
    void scan() {
        if (half != null && Float.isFinite(search.hits().threshold())) {
            leaveOutFar(half);
        }
        switch (metric) {
            case SQUARED_L2 -> block.squares(kernels, query.floats(), distances);
            case COSINE, INNER_PRODUCT -> block.dots(kernels, query.floats(), distances);
        }
        offer();
    }

    private void leaveOutFar(float[] firstHalf) {
        int count = block.count();
        block.squares(kernels, firstHalf, distances);
        block.leaveOut(distances, ROUNDING * search.hits().threshold());
        patience += 2 * block.count() > count ? -1 : 1;
        if (patience == 0) {
            half = null;
        }
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
