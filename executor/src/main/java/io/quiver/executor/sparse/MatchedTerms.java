package io.quiver.executor.sparse;

/**
 * The terms that a query and a block share, and what they can contribute to a sum. Filled anew for each block; belongs
 * to one search.
 */
final class MatchedTerms {
    /** Sums beyond this are not trusted to stay finite. */
    private static final double MAGNITUDE_MAX = 1e30;

    /** Contributions below this might vanish in a sum. */
    private static final float FACTOR_MIN = 1e-25f;

    /** Twice what rounding a float may take away, as a part. */
    private static final double ROUNDING = 0x1p-23;

    private final SparseQuery query;
    private final int[] numbers;
    private final float[] factors;
    private final double[] uppers;
    private int count;
    private double upper;
    private double error;
    private double magnitude;
    private boolean isPositive;

    MatchedTerms(SparseQuery query) {
        this.query = query;
        this.numbers = new int[query.size()];
        this.factors = new float[query.size()];
        this.uppers = new double[query.size()];
    }

    void match(SparseBlock block) {
        count = 0;
        upper = 0;
        error = 0;
        magnitude = 0;
        isPositive = true;
        int termCount = block.termCount();
        int from = 0;
        for (int i = 0; i < query.size() && from < termCount; i++) {
            int number = block.find(query.term(i), from, termCount);
            if (number >= 0) {
                add(block, number, query.weight(i));
            }
            from = number >= 0 ? number + 1 : -1 - number;
        }
        error += (count + 2) * ROUNDING * magnitude;
    }

    private void add(SparseBlock block, int number, float weight) {
        double least = (double) weight * block.smallest(number);
        double most = (double) weight * block.largest(number);
        float factor = weight * block.step(number);
        numbers[count] = number;
        factors[count] = factor;
        uppers[count] = Math.max(0, Math.max(least, most));
        upper += uppers[count];
        error += Math.abs((double) weight) * block.error(number);
        magnitude += Math.max(Math.abs(least), Math.abs(most));
        isPositive &= weight > 0 && block.smallest(number) >= 0 && factor >= FACTOR_MIN;
        count++;
    }

    int count() {
        return count;
    }

    /** Of the term in the block. */
    int number(int i) {
        return numbers[i];
    }

    /** What a code of the term is multiplied with. */
    float factor(int i) {
        return factors[i];
    }

    /** The most that the term contributes, at least 0. */
    double upper(int i) {
        return uppers[i];
    }

    /** No product of the block is larger. */
    double upper() {
        return upper + error;
    }

    /** No sum of estimates is farther from the product. */
    double error() {
        return error;
    }

    /** Whether a sum is positive exactly where a row has one of the terms. */
    boolean isPositive() {
        return isPositive && isFinite();
    }

    /** Whether sums say anything. */
    boolean isFinite() {
        return magnitude < MAGNITUDE_MAX;
    }
}
