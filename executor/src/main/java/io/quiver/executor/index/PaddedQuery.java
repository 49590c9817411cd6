package io.quiver.executor.index;

import java.util.Arrays;

/** A query as the kernels want it: padded with zeros, its inverse norm at hand. */
record PaddedQuery(float[] floats, float inverseNorm) {
    static PaddedQuery of(float[] query) {
        return new PaddedQuery(
                Arrays.copyOf(query, Kernels.paddedDimension(query.length)), Distances.inverseNorm(query));
    }
}
