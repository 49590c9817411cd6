package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes 4-bit codes: each component of an embedding in code space as the nearest of 16 levels, which lie evenly
 * between two bounds of its own. A rotated embedding has many components near zero and few far out, so bounds within
 * its range often lose less than the range itself: of a few, those with the least squared error are taken.
 *
 * <p>One scale and lower bound a vector as in Aguerrebere et al., "Similarity search in the blink of an eye with
 * compressed indices" (arXiv 2304.04759). Scratch of one thread.
 */
final class CompactCode {
    private static final int LEVELS = 15;
    private static final float[] SHARES_OF_RANGE = {1, 0.92f, 0.84f, 0.76f, 0.68f};

    private final CompactLayout layout;
    private float bestLower;
    private float bestScale;
    private double leastError;

    CompactCode(CompactLayout layout) {
        this.layout = layout;
    }

    /** Writes the code and the factors of an embedding. */
    void write(MemorySegment image, long row, float[] floats) {
        chooseBounds(floats);
        write(image, row, floats, bestLower, bestScale);
    }

    /** {@link #write(MemorySegment, long, float[])} with bounds that were chosen before. */
    void write(MemorySegment image, long row, float[] floats, float lower, float scale) {
        float inverse = 1 / scale;
        double square = 0;
        for (int i = 0; i < floats.length; i += 2) {
            int low = level(floats[i], lower, inverse);
            int high = level(floats[i + 1], lower, inverse);
            image.set(ValueLayout.JAVA_BYTE, row + i / 2, (byte) (high << 4 | low));
            square += square(lower + (double) scale * low) + square(lower + (double) scale * high);
        }
        layout.writeFactors(image, row, lower, scale, (float) square);
    }

    private void chooseBounds(float[] floats) {
        float least = floats[0];
        float most = floats[0];
        for (float value : floats) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        leastError = Double.POSITIVE_INFINITY;
        for (float share : SHARES_OF_RANGE) {
            float cut = (most - least) * (1 - share) / 2;
            tryBounds(floats, least + cut, most - cut);
        }
    }

    private void tryBounds(float[] floats, float least, float most) {
        float lower = round(least);
        float scale = most > lower ? round((most - lower) / LEVELS) : 1;
        double error = error(floats, lower, scale);
        if (error < leastError) {
            bestLower = lower;
            bestScale = scale;
            leastError = error;
        }
    }

    private static double error(float[] floats, float lower, float scale) {
        float inverse = 1 / scale;
        double error = 0;
        for (float value : floats) {
            error += square(lower + (double) scale * level(value, lower, inverse) - value);
        }
        return error;
    }

    private static int level(float value, float lower, float inverse) {
        return Math.clamp((int) ((value - lower) * inverse + 0.5f), 0, LEVELS);
    }

    private static double square(double value) {
        return value * value;
    }

    /** To the precision in which factors are written. */
    private static float round(float value) {
        return Float.intBitsToFloat(RowEncoder.upperHalf(value) << 16);
    }
}
