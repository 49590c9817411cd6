package io.quiver.loadtest.sparse;

import io.quiver.log.record.SparseVector;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sparse vectors as texts make them: the term of rank r is drawn with a probability proportional to 1 / r. In records,
 * weights lie between 0.2 and 2.2, as BM25 makes them of how often a term occurs; in queries, a term weighs the
 * logarithm of how rare it is ({@code idf}), or all weigh about the same ({@code flat}), which no engine likes. Belongs
 * to one thread.
 */
public final class ZipfVectors {
    private final SplittableRandom random;
    private final int recordTerms;
    private final boolean isFlat;
    private final double[] cumulative;

    public ZipfVectors(long seed, int vocabulary, int recordTerms, boolean isFlat) {
        this.random = new SplittableRandom(seed);
        this.recordTerms = recordTerms;
        this.isFlat = isFlat;
        this.cumulative = new double[vocabulary];
        double sum = 0;
        for (int rank = 0; rank < vocabulary; rank++) {
            sum += 1.0 / (rank + 1);
            cumulative[rank] = sum;
        }
    }

    /** So many different terms exactly. */
    public SparseVector record() {
        int[] ranks = ranks(recordTerms);
        float[] weights = new float[ranks.length];
        for (int i = 0; i < weights.length; i++) {
            double drawn = random.nextDouble();
            weights[i] = (float) (0.2 + 2 * drawn * drawn);
        }
        return SparseVector.of(ranks, weights, null);
    }

    public SparseVector query(int terms) {
        int[] ranks = ranks(terms);
        float[] weights = new float[ranks.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = isFlat ? 0.5f + (float) random.nextDouble() : inverseFrequency(ranks[i]);
        }
        return SparseVector.of(ranks, weights, null);
    }

    /** As BM25 has it, for the share of records that a term of this rank is in. */
    private float inverseFrequency(int rank) {
        double drawn = 1 / (rank + 1.0) / cumulative[cumulative.length - 1];
        double share = 1 - Math.pow(1 - drawn, recordTerms);
        return (float) Math.log(1 + (1 - share) / share);
    }

    private int[] ranks(int count) {
        int[] ranks = new int[count];
        int found = 0;
        while (found < count) {
            double drawn = random.nextDouble() * cumulative[cumulative.length - 1];
            int place = Arrays.binarySearch(cumulative, drawn);
            ranks[found++] = Math.min(place < 0 ? -1 - place : place, cumulative.length - 1);
            if (found == count) {
                found = distinct(ranks);
            }
        }
        return ranks;
    }

    /** Sorts, and moves the different ones to the front; how many these are. */
    private static int distinct(int[] ranks) {
        Arrays.sort(ranks);
        int kept = 0;
        for (int i = 0; i < ranks.length; i++) {
            if (i == 0 || ranks[i] != ranks[i - 1]) {
                ranks[kept++] = ranks[i];
            }
        }
        return kept;
    }
}
