package io.quiver.executor.sparse;

import java.lang.foreign.MemorySegment;

/**
 * The arithmetic over all rows of a block. Two implementations may differ in the last bits of their sums, which are
 * only estimates. Stateless; safe on every thread.
 */
sealed interface SumKernels permits VectorSumKernels, ScalarSumKernels {
    /** Rows whose sums stay in the nearest cache while one term after the other is added. */
    int TILE_ROWS = 4096;

    /**
     * Adds {@code factor * code} to the sums of rows {@code from} to before {@code to}, both multiples of 64.
     *
     * @param codesAt where the codes of row 0 begin
     */
    void addDense(float[] sums, int from, int to, MemorySegment memory, long codesAt, float factor);

    /**
     * Lists the rows from {@code from} to before {@code to}, both multiples of 64, whose sum is positive and not below
     * {@code bound}.
     *
     * @param found has room for all of them
     * @return how many they are
     */
    int list(float[] sums, int from, int to, float bound, int[] found);

    static SumKernels best() {
        return SumKernelChoice.CHOSEN;
    }
}
