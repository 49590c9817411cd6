package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * From the sums of the kernels to distances, which are finite whatever finite floats went in.
 *
 * <p>Where single precision overflows, or where the length of a vector is so far from 1 that a cosine would lose its
 * meaning in it, the distance is computed again in double precision: slow, and never needed by real embeddings.
 */
public final class Distances {
    /** Of little-endian floats wherever they lie. */
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** With both norms within 2^-60..2^60 neither the inner product nor the cosine leaves the range of a float. */
    private static final float TAME_MIN = 0x1p-60f;

    private static final float TAME_MAX = 0x1p60f;

    /** The cosine distance where one of the two vectors has no length. */
    static final float NO_ANGLE = 1;

    private Distances() {}

    /** 1 / length of a vector, 0 for one without length: computed here for queries and for rows alike. */
    public static float inverseNorm(MemorySegment rows, long offset, int dimension) {
        double square = 0;
        for (int i = 0; i < dimension; i++) {
            double value = rows.get(FLOAT, offset + (long) i * Float.BYTES);
            square += value * value;
        }
        return square == 0 ? 0 : (float) (1 / Math.sqrt(square));
    }

    /** {@link #inverseNorm(MemorySegment, long, int)} of a query. */
    static float inverseNorm(float[] query) {
        return inverseNorm(MemorySegment.ofArray(query), 0, query.length);
    }

    /** Turns the sums of a block of rows into distances, in place. */
    static void finish(Metric metric, PaddedQuery query, RowBlock block, float[] sums) {
        switch (metric) {
            case SQUARED_L2 -> finishSquaredL2(query, block, sums);
            case COSINE -> finishCosine(query, block, sums);
            case INNER_PRODUCT -> finishInnerProduct(query, block, sums);
        }
    }

    private static void finishSquaredL2(PaddedQuery query, RowBlock block, float[] sums) {
        for (int i = 0; i < block.count(); i++) {
            if (!Float.isFinite(sums[i])) {
                sums[i] = SlowDistance.squaredL2(block.memory(i), block.offset(i), query.floats());
            }
        }
    }

    private static void finishInnerProduct(PaddedQuery query, RowBlock block, float[] sums) {
        for (int i = 0; i < block.count(); i++) {
            float dot = sums[i];
            sums[i] = Float.isFinite(dot)
                    ? 1 - dot
                    : SlowDistance.innerProduct(block.memory(i), block.offset(i), query.floats());
        }
    }

    private static void finishCosine(PaddedQuery query, RowBlock block, float[] sums) {
        for (int i = 0; i < block.count(); i++) {
            float inverseNorm = block.inverseNorm(i);
            if (isTame(query.inverseNorm()) && isTame(inverseNorm)) {
                sums[i] = cosine((double) sums[i] * query.inverseNorm() * inverseNorm);
            } else if (query.inverseNorm() == 0 || inverseNorm == 0) {
                sums[i] = NO_ANGLE;
            } else {
                sums[i] = SlowDistance.cosine(block.memory(i), block.offset(i), query.floats());
            }
        }
    }

    /** The distance for the cosine of an angle, which rounding may have pushed out of -1..1. */
    static float cosine(double cosine) {
        return (float) (1 - Math.clamp(cosine, -1.0, 1.0));
    }

    static boolean isTame(float inverseNorm) {
        return inverseNorm >= TAME_MIN && inverseNorm <= TAME_MAX;
    }
}
