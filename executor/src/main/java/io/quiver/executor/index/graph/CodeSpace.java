package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.code.CodeKernels;
import io.quiver.executor.index.code.Rotation;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The way from embeddings to code space, where squared Euclidean distance orders rows as the metric does.
 *
 * <p>Squared L2 is taken as it is. For cosine, embeddings are brought to length 1: then {@code |q - o|^2 = 2 (1 -
 * cos)}; one without length, whose cosine counts as 0, is laid where none is looked for, opposite to the mean of the
 * others. For the inner product, a row gets one more component, {@code sqrt(M^2 - |o|^2)} with {@code M} the length of
 * the longest row, and a query zero in its place: then {@code |q - o|^2 = |q|^2 + M^2 - 2 <q, o>} (Bachrach et al.,
 * "Speeding up the Xbox recommender system using a Euclidean transformation for inner-product spaces", 2014). A query
 * is brought to length {@code M}, which changes no order and keeps its residuals short.
 *
 * <p>Then the mean is taken off and the rest rotated. Immutable; safe on every thread.
 */
final class CodeSpace {
    /** Below this many dimensions one bit each says too little: embeddings are rotated into a space of so many. */
    private static final int DIMENSION_MIN = 128;

    /** Rows of one length differ in their last bits; what is cut off by that is less than a code can say. */
    private static final float ROUNDING = 1.00001f;

    private final Metric metric;
    private final int dimension;
    private final float lengthMax;
    private final float[] mean;
    private final long seed;
    private final Rotation rotation;

    CodeSpace(Metric metric, int dimension, float lengthMax, float[] mean, long seed) {
        this.metric = metric;
        this.dimension = dimension;
        this.lengthMax = lengthMax;
        this.mean = mean;
        this.seed = seed;
        this.rotation = new Rotation(mean.length, seed);
    }

    static int codeDimension(Metric metric, int dimension) {
        int components = metric == Metric.INNER_PRODUCT ? dimension + 1 : dimension;
        int line = CodeKernels.DIMENSIONS_A_LINE;
        return Math.max(DIMENSION_MIN, (components + line - 1) / line * line);
    }

    /** The space of these rows. */
    static CodeSpace of(Metric metric, EmbeddingRows rows, int rowCount, long seed) {
        int codeDimension = codeDimension(metric, rows.dimension());
        float lengthMax = metric == Metric.INNER_PRODUCT ? lengthMax(rows, rowCount) : 0;
        CodeSpace unmoved = new CodeSpace(metric, rows.dimension(), lengthMax, new float[codeDimension], seed);
        return new CodeSpace(metric, rows.dimension(), lengthMax, unmoved.mean(rows, rowCount), seed);
    }

    private static float lengthMax(EmbeddingRows rows, int rowCount) {
        float[] floats = new float[rows.dimension()];
        double longest = 0;
        for (int row = 0; row < rowCount; row++) {
            read(rows, row, floats);
            longest = Math.max(longest, square(floats));
        }
        return (float) Math.sqrt(longest);
    }

    private float[] mean(EmbeddingRows rows, int rowCount) {
        double[] sums = new double[mean.length];
        float[] floats = new float[mean.length];
        int step = sampleStep(rowCount);
        int count = 0;
        for (int row = 0; row < rowCount; row += step, count++) {
            read(rows, row, floats);
            stretchRow(floats);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += floats[i];
            }
        }
        float[] result = new float[mean.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (sums[i] / Math.max(1, count));
        }
        return result;
    }

    Metric metric() {
        return metric;
    }

    int codeDimension() {
        return mean.length;
    }

    float[] mean() {
        return mean;
    }

    float lengthMax() {
        return lengthMax;
    }

    /** Of the rotation. */
    long seed() {
        return seed;
    }

    /**
     * Whether other rows may be coded here: none is longer than the longest may be, and their mean has not moved far
     * away.
     *
     * @param driftMax how far: squared, as a share of the mean squared distance of the rows from their own mean
     */
    boolean fits(EmbeddingRows rows, int rowCount, double driftMax) {
        if (metric == Metric.INNER_PRODUCT && lengthMax(rows, rowCount) > lengthMax * ROUNDING) {
            return false;
        }
        float[] moved = mean(rows, rowCount);
        double drift = squaredDistance(moved, mean);
        double spread = spread(rows, rowCount) - drift;
        return drift <= driftMax * spread;
    }

    /** Mean squared distance of rows from the mean of this space. */
    private double spread(EmbeddingRows rows, int rowCount) {
        float[] floats = new float[mean.length];
        double sum = 0;
        int step = sampleStep(rowCount);
        int count = 0;
        for (int row = 0; row < rowCount; row += step, count++) {
            read(rows, row, floats);
            stretchRow(floats);
            sum += squaredDistance(floats, mean);
        }
        return sum / Math.max(1, count);
    }

    private static double squaredDistance(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            double difference = (double) left[i] - right[i];
            sum += difference * difference;
        }
        return sum;
    }

    /** A mean is taken over every so many rows. */
    private static int sampleStep(int rowCount) {
        return Math.max(1, rowCount / 50_000);
    }

    /** Takes a row of the segment into code space. */
    void project(EmbeddingRows rows, int row, float[] floats) {
        read(rows, row, floats);
        stretchRow(floats);
        moveAndRotate(floats);
    }

    /** Takes a query into code space. */
    void project(float[] query, float[] floats) {
        System.arraycopy(query, 0, floats, 0, dimension);
        Arrays.fill(floats, dimension, floats.length, 0);
        switch (metric) {
            case SQUARED_L2 -> {}
            case COSINE -> stretch(floats, 1);
            case INNER_PRODUCT -> stretch(floats, lengthMax);
        }
        moveAndRotate(floats);
    }

    /**
     * The squared distance in code space at which a row lies that has some distance from a query by the metric: as
     * {@link io.quiver.executor.index.Distances} computes it, {@code 1 - cos} and {@code 1 - <q, o>} for the two
     * others.
     *
     * @param length of the query
     */
    float squared(float distance, float length) {
        return switch (metric) {
            case SQUARED_L2 -> distance;
            case COSINE -> 2 * distance;
            case INNER_PRODUCT -> 2 * lengthMax * (lengthMax - (1 - distance) / length);
        };
    }

    /** The opposite of {@link #squared}; what is computed of it for a query without length has no meaning. */
    float distance(float squared, float length) {
        return switch (metric) {
            case SQUARED_L2 -> squared;
            case COSINE -> squared / 2;
            case INNER_PRODUCT -> 1 - length * (lengthMax - squared / (2 * lengthMax));
        };
    }

    private void stretchRow(float[] floats) {
        switch (metric) {
            case SQUARED_L2 -> {}
            case COSINE -> {
                if (square(floats) == 0) {
                    opposeMean(floats);
                }
                stretch(floats, 1);
            }
            case INNER_PRODUCT ->
                floats[dimension] = (float) Math.sqrt(Math.max(0, (double) lengthMax * lengthMax - square(floats)));
        }
    }

    private void opposeMean(float[] floats) {
        for (int i = 0; i < floats.length; i++) {
            floats[i] = -mean[i];
        }
    }

    private void moveAndRotate(float[] floats) {
        for (int i = 0; i < floats.length; i++) {
            floats[i] -= mean[i];
        }
        rotation.rotate(floats);
    }

    private static void stretch(float[] floats, float length) {
        double square = square(floats);
        if (square > 0) {
            float factor = (float) (length / Math.sqrt(square));
            for (int i = 0; i < floats.length; i++) {
                floats[i] *= factor;
            }
        }
    }

    static double square(float[] floats) {
        double square = 0;
        for (float value : floats) {
            square += (double) value * value;
        }
        return square;
    }

    private static void read(EmbeddingRows rows, int row, float[] floats) {
        MemorySegment chunk = rows.chunk(row / rows.chunkRows());
        long at = row % rows.chunkRows() * Kernels.strideBytes(rows.dimension());
        MemorySegment.copy(chunk, GraphLayout.FLOAT, at, floats, 0, rows.dimension());
        Arrays.fill(floats, rows.dimension(), floats.length, 0);
    }
}
