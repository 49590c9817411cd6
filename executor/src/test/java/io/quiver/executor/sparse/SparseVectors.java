package io.quiver.executor.sparse;

import io.quiver.log.record.SparseVector;
import java.util.Random;
import java.util.TreeMap;

/** Sparse vectors for tests, whose terms are drawn by Zipf's law: few terms are in many vectors. */
public final class SparseVectors {
    private final Random random;
    private final int vocabulary;
    private final Weights weights;

    /** How weights are drawn. */
    public enum Weights {
        /** Between 0 and 1. */
        POSITIVE {
            @Override
            float next(Random random) {
                return random.nextFloat();
            }
        },
        /** Positive and negative ones, some of them 0. */
        SIGNED {
            @Override
            float next(Random random) {
                return random.nextInt(8) == 0 ? 0 : (float) random.nextGaussian();
            }
        },
        /** All the same, so that there are many ties. */
        ONES {
            @Override
            float next(Random random) {
                return 1;
            }
        },
        /** From the smallest to the largest floats, some of them negative. */
        EXTREME {
            @Override
            float next(Random random) {
                return (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-44, 38)));
            }
        };

        abstract float next(Random random);
    }

    public SparseVectors(Random random, int vocabulary, Weights weights) {
        this.random = random;
        this.vocabulary = vocabulary;
        this.weights = weights;
    }

    /** About as many terms as said, from a vocabulary spread over all unsigned indices. */
    public SparseVector next(int terms) {
        TreeMap<Long, Float> drawn = new TreeMap<>();
        for (int i = 0; i < terms; i++) {
            long rank = (long) Math.pow(vocabulary, random.nextDouble()) - 1;
            drawn.put(rank * 0x9E3779B9L & 0xFFFF_FFFFL, weights.next(random));
        }
        int[] indices = drawn.keySet().stream().mapToInt(Long::intValue).toArray();
        float[] values = new float[indices.length];
        int i = 0;
        for (float value : drawn.values()) {
            values[i++] = Float.isFinite(value) ? value : 1;
        }
        return SparseVector.of(indices, values, null);
    }
}
