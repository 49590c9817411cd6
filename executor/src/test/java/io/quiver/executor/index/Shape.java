package io.quiver.executor.index;

import java.util.Random;
import java.util.function.IntUnaryOperator;

/** Kinds of rows that searches have to cope with. */
public enum Shape {
    /** No structure at all. */
    SCATTERED {
        @Override
        public float[][] rows(Random random, int count, int dimension) {
            return Seeds.embeddings(random, count, dimension);
        }
    },
    CLUSTERED {
        @Override
        public float[][] rows(Random random, int count, int dimension) {
            return clusters(random, count, dimension, row -> random.nextInt(CLUSTERS));
        }
    },
    /** One cluster after the other, so that the rows before say nothing about those that come. */
    SORTED_CLUSTERS {
        @Override
        public float[][] rows(Random random, int count, int dimension) {
            return clusters(random, count, dimension, row -> row * CLUSTERS / count);
        }
    },
    /** Far from the origin. */
    SHIFTED {
        @Override
        public float[][] rows(Random random, int count, int dimension) {
            float[][] rows = Seeds.embeddings(random, count, dimension);
            for (float[] row : rows) {
                for (int i = 0; i < dimension; i++) {
                    row[i] += 5;
                }
            }
            return rows;
        }
    },
    /** Half of the rows are copies of others, some are zero. */
    REPEATED {
        @Override
        public float[][] rows(Random random, int count, int dimension) {
            float[][] rows = Seeds.embeddings(random, count, dimension);
            for (int i = 0; i < count / 2; i++) {
                rows[random.nextInt(count)] = rows[random.nextInt(count)];
            }
            for (int i = 0; i < count / 50; i++) {
                rows[random.nextInt(count)] = new float[dimension];
            }
            return rows;
        }
    };

    private static final int CLUSTERS = 12;

    public abstract float[][] rows(Random random, int count, int dimension);

    private static float[][] clusters(Random random, int count, int dimension, IntUnaryOperator cluster) {
        float[][] centers = Seeds.embeddings(random, CLUSTERS, dimension);
        float[][] rows = Seeds.embeddings(random, count, dimension);
        for (int row = 0; row < count; row++) {
            float[] center = centers[cluster.applyAsInt(row)];
            for (int i = 0; i < dimension; i++) {
                rows[row][i] = center[i] + 0.3f * rows[row][i];
            }
        }
        return rows;
    }
}
