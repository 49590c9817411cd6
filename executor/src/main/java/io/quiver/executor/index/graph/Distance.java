package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;

/** Squared distance in code space between a query and the bytes of a row, from their inner product. */
final class Distance {
    private Distance() {}

    /**
     * @param norm squared length of the query
     * @param sum of the query's components
     */
    static float of(MemorySegment image, long row, float[] query, float norm, float sum) {
        float dot = CodeKernels.best().dotBytes(image, row + GraphLayout.BYTES_AT, query);
        return of(image, row, dot, norm, sum);
    }

    /** {@link #of(MemorySegment, long, float[], float, float)} where the inner product with the bytes is known. */
    static float of(MemorySegment image, long row, float dot, float norm, float sum) {
        float lower = image.get(GraphLayout.FLOAT, row + GraphLayout.LOWER_AT);
        float scale = image.get(GraphLayout.FLOAT, row + GraphLayout.SCALE_AT);
        float square = image.get(GraphLayout.FLOAT, row + GraphLayout.NORM_AT);
        return norm + square - 2 * (lower * sum + scale * dot);
    }
}
