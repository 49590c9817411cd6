package io.quiver.executor.index;

import java.util.Arrays;

/**
 * A query as the kernels want it: padded with zeros, its inverse norm at hand where the metric is cosine. Lends the
 * floats of a query that needs no padding.
 */
record PaddedQuery(float[] floats, float inverseNorm) {
    static PaddedQuery of(Metric metric, float[] query) {
        int padded = Kernels.paddedDimension(query.length);
        return new PaddedQuery(
                query.length == padded ? query : Arrays.copyOf(query, padded),
                metric == Metric.COSINE ? Distances.inverseNorm(query) : 0);
    }
}
