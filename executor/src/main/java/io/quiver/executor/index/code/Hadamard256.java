package io.quiver.executor.index.code;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Hadamard transform on vectors of 256 bits: levels of butterflies, two at a time to read and write less, and the
 * last ones within vectors.
 */
final class Hadamard256 {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final int LANES = FLOATS.length();

    private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 4);
    private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 2);
    private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 1);
    private static final FloatVector SIGN_4 = alternating(4);
    private static final FloatVector SIGN_2 = alternating(2);
    private static final FloatVector SIGN_1 = alternating(1);

    private Hadamard256() {}

    static void flipAndTransform(float[] floats, float[] signs, int from, int length) {
        multiply(floats, signs, from, length);
        int half = length / 2;
        for (; half >= 2 * LANES; half /= 4) {
            twoLevels(floats, from, from + length, half / 2);
        }
        if (half == LANES) {
            oneLevel(floats, from, from + length);
        }
        withinVectors(floats, from, from + length);
    }

    private static void multiply(float[] floats, float[] signs, int from, int length) {
        for (int i = 0; i < length; i += LANES) {
            FloatVector.fromArray(FLOATS, floats, from + i)
                    .mul(FloatVector.fromArray(FLOATS, signs, i))
                    .intoArray(floats, from + i);
        }
    }

    /** Butterflies of floats {@code 2 * quarter} apart, then of those {@code quarter} apart. */
    private static void twoLevels(float[] floats, int from, int to, int quarter) {
        for (int block = from; block < to; block += 4 * quarter) {
            for (int i = block; i < block + quarter; i += LANES) {
                FloatVector first = FloatVector.fromArray(FLOATS, floats, i);
                FloatVector second = FloatVector.fromArray(FLOATS, floats, i + quarter);
                FloatVector third = FloatVector.fromArray(FLOATS, floats, i + 2 * quarter);
                FloatVector fourth = FloatVector.fromArray(FLOATS, floats, i + 3 * quarter);
                FloatVector sum0 = first.add(third);
                FloatVector sum1 = second.add(fourth);
                FloatVector difference0 = first.sub(third);
                FloatVector difference1 = second.sub(fourth);
                sum0.add(sum1).intoArray(floats, i);
                sum0.sub(sum1).intoArray(floats, i + quarter);
                difference0.add(difference1).intoArray(floats, i + 2 * quarter);
                difference0.sub(difference1).intoArray(floats, i + 3 * quarter);
            }
        }
    }

    /** Butterflies of neighbouring vectors. */
    private static void oneLevel(float[] floats, int from, int to) {
        for (int i = from; i < to; i += 2 * LANES) {
            FloatVector first = FloatVector.fromArray(FLOATS, floats, i);
            FloatVector second = FloatVector.fromArray(FLOATS, floats, i + LANES);
            first.add(second).intoArray(floats, i);
            first.sub(second).intoArray(floats, i + LANES);
        }
    }

    private static void withinVectors(float[] floats, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, floats, i);
            v = v.fma(SIGN_4, v.rearrange(SWAP_4));
            v = v.fma(SIGN_2, v.rearrange(SWAP_2));
            v = v.fma(SIGN_1, v.rearrange(SWAP_1));
            v.intoArray(floats, i);
        }
    }

    private static FloatVector alternating(int distance) {
        float[] signs = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            signs[lane] = (lane & distance) == 0 ? 1 : -1;
        }
        return FloatVector.fromArray(FLOATS, signs, 0);
    }
}
