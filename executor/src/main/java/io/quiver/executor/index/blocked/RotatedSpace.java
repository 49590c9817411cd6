package io.quiver.executor.index.blocked;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.code.Rotation;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The way from embeddings to the space of codes: for cosine they are brought to length 1, then all are rotated at
 * random, which changes neither distances nor products. The same for rows and for queries. Immutable; safe on every
 * thread.
 */
final class RotatedSpace {
    /** Any number does; the same one makes the same codes of the same rows. */
    private static final long SEED = 0x5EED_C0DE;

    private final Metric metric;
    private final int dimension;
    private final Rotation rotation;

    RotatedSpace(Metric metric, int dimension, BlockLayout layout) {
        this.metric = metric;
        this.dimension = dimension;
        this.rotation = new Rotation(layout.codeDimension(), SEED);
    }

    /** @param floats receives a row */
    void project(EmbeddingRows rows, int row, float[] floats) {
        long at = row % rows.chunkRows() * Kernels.strideBytes(dimension);
        MemorySegment chunk = rows.chunk(row / rows.chunkRows());
        MemorySegment.copy(chunk, BlockLayout.FLOAT, at, floats, 0, dimension);
        finish(floats);
    }

    /** @param floats receives the query */
    void project(float[] query, float[] floats) {
        System.arraycopy(query, 0, floats, 0, dimension);
        finish(floats);
    }

    private void finish(float[] floats) {
        Arrays.fill(floats, dimension, floats.length, 0);
        if (metric == Metric.COSINE) {
            shorten(floats);
        }
        rotation.rotate(floats);
    }

    private static void shorten(float[] floats) {
        double square = 0;
        for (float value : floats) {
            square += (double) value * value;
        }
        double factor = square == 0 ? 0 : 1 / Math.sqrt(square);
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) (floats[i] * factor);
        }
    }
}
