package io.quiver.executor.index.graph;

import io.quiver.executor.index.Seeds;
import java.util.Random;

/**
 * Embeddings in clusters that vary in few directions, as those of real models do: in more dimensions none would be
 * near.
 */
final class ClusteredRows {
    private static final int CLUSTERS = 40;
    private static final int DIRECTIONS = 12;

    private final Random random;
    private final int dimension;
    private final float[][] centers;
    private final float[][] directions;

    ClusteredRows(Random random, int dimension) {
        this.random = random;
        this.dimension = dimension;
        this.centers = Seeds.embeddings(random, CLUSTERS, dimension);
        this.directions = Seeds.embeddings(random, DIRECTIONS, dimension);
    }

    float[][] draw(int count) {
        float[][] embeddings = new float[count][];
        for (int i = 0; i < count; i++) {
            embeddings[i] = draw();
        }
        return embeddings;
    }

    private float[] draw() {
        float[] embedding = centers[random.nextInt(CLUSTERS)].clone();
        for (float[] direction : directions) {
            float step = (float) random.nextGaussian() / 2;
            for (int i = 0; i < dimension; i++) {
                embedding[i] += step * direction[i] + (float) random.nextGaussian() / 40;
            }
        }
        return embedding;
    }
}
