package io.quiver.executor.index;

import java.util.Random;

/** Random numbers whose seed is printed, so that a failure can be run again with {@code -Dquiver.seed=}. */
public final class Seeds {
    private Seeds() {}

    public static Random random(String test) {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.println(test + ": seed " + seed);
        return new Random(seed);
    }

    public static float[] embedding(Random random, int dimension) {
        float[] embedding = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            embedding[i] = (float) random.nextGaussian();
        }
        return embedding;
    }

    public static float[][] embeddings(Random random, int count, int dimension) {
        float[][] embeddings = new float[count][];
        for (int i = 0; i < count; i++) {
            embeddings[i] = embedding(random, dimension);
        }
        return embeddings;
    }
}
