package io.quiver.executor.index.code;

import java.util.SplittableRandom;

/**
 * A random rotation of {@code dimension} floats: rounds of random sign flips and a Hadamard transform, of the first or
 * the last power of two of them by turns. It keeps lengths and angles, and spreads every vector evenly over all
 * components, which the 1-bit codes need.
 *
 * <p>Formula: Ailon and Chazelle, "The fast Johnson-Lindenstrauss transform" (2009); the overlapping halves as in the
 * RaBitQ library. Immutable; safe on every thread.
 */
public final class Rotation {
    private static final int ROUNDS = 4;

    private final int dimension;
    private final int block;
    private final float[][] signs;

    /** @param dimension a multiple of {@link CodeKernels#DIMENSIONS_A_LINE} */
    public Rotation(int dimension, long seed) {
        this.dimension = dimension;
        this.block = Integer.highestOneBit(dimension);
        this.signs = new float[ROUNDS][block];
        SplittableRandom random = new SplittableRandom(seed);
        float scale = (float) (1 / Math.sqrt(block));
        for (float[] round : signs) {
            for (int i = 0; i < block; i++) {
                round[i] = random.nextBoolean() ? scale : -scale;
            }
        }
    }

    /** Rotates in place. */
    public void rotate(float[] floats) {
        CodeKernels kernels = CodeKernels.best();
        for (int round = 0; round < ROUNDS; round++) {
            kernels.flipAndTransform(floats, signs[round], from(round), block);
        }
    }

    private int from(int round) {
        return (round & 1) == 0 ? 0 : dimension - block;
    }
}
