package io.quiver.loadtest.data;

import java.util.SplittableRandom;

/**
 * Generated vectors that are as hard to search as real ones: Gaussian clusters of low intrinsic dimension.
 *
 * <p>A cluster has a centre drawn from N(0, 1) in every dimension and its own random basis of {@code intrinsic}
 * directions; a vector is its centre plus a combination of these directions with coefficients from N(0, 1) scaled to
 * {@code spread}, plus noise of 0.02 in every dimension. Uniform noise would have no near neighbours, and a search
 * among it says nothing about real data, but is the hardest to search: without clusters, vectors are drawn from N(0, 1)
 * in every dimension. The same seed gives the same vectors on every machine.
 */
final class ClusteredVectors {
    private static final double NOISE = 0.02;

    private final int dimension;
    private final int intrinsic;
    private final float[][] centres;
    private final float[][] bases;

    ClusteredVectors(int clusters, int dimension, int intrinsic, double spread, long seed) {
        this.dimension = dimension;
        this.intrinsic = Math.min(intrinsic, dimension);
        SplittableRandom random = new SplittableRandom(seed);
        this.centres = new float[clusters][];
        this.bases = new float[clusters][];
        for (int i = 0; i < clusters; i++) {
            centres[i] = gaussians(random, dimension, 1);
            bases[i] = gaussians(random, this.intrinsic * dimension, spread / Math.sqrt(this.intrinsic));
        }
    }

    Vectors draw(int count, long seed) {
        Vectors vectors = new Vectors(count, dimension);
        SplittableRandom random = new SplittableRandom(seed);
        for (int row = 0; row < count; row++) {
            if (centres.length == 0) {
                scatter(vectors.chunk(row), vectors.at(row), random);
            } else {
                fill(vectors.chunk(row), vectors.at(row), random);
            }
        }
        return vectors;
    }

    private void scatter(float[] target, int at, SplittableRandom random) {
        for (int i = at; i < at + dimension; i++) {
            target[i] = (float) random.nextGaussian();
        }
    }

    private void fill(float[] target, int at, SplittableRandom random) {
        int cluster = random.nextInt(centres.length);
        for (int i = 0; i < dimension; i++) {
            target[at + i] = centres[cluster][i] + (float) (NOISE * random.nextGaussian());
        }
        for (int direction = 0; direction < intrinsic; direction++) {
            float coefficient = (float) random.nextGaussian();
            int from = direction * dimension;
            for (int i = 0; i < dimension; i++) {
                target[at + i] += coefficient * bases[cluster][from + i];
            }
        }
    }

    private static float[] gaussians(SplittableRandom random, int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }
}
