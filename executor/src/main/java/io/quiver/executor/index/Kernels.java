package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;

/**
 * The arithmetic of distances: sums over rows of little-endian floats and queries of floats, four rows a turn.
 *
 * <p>Rows and queries are padded with zeros to a multiple of {@link #PADDED_FLOATS}, so there are no tails. The sum of
 * a row and a query adds in one order, whatever else is computed in the same call and wherever the row lies: the same
 * floats give the same bits. That holds within one implementation; another one may differ in the last bits.
 *
 * <p>{@code offsets} are the byte offsets of rows within {@code rows}; {@code count} is how many, and entries up to the
 * next multiple of {@link #ROWS_A_TURN} must be valid too, as must those of the sums. Stateless; safe on every thread.
 */
public sealed interface Kernels permits VectorKernels, ScalarKernels {
    /** Rows and queries have a multiple of this many floats: a cache line of 64 bytes. */
    int PADDED_FLOATS = 16;

    /** Rows that are computed side by side, which hides the time that memory takes. */
    int ROWS_A_TURN = 4;

    /** What an operator reads in the log: {@code vector-512} or {@code scalar}. */
    String name();

    /** Inner products of rows with a query. */
    void dots(MemorySegment rows, long[] offsets, int count, float[] query, float[] sums);

    /** Squared Euclidean distances of rows to a query. */
    void squares(MemorySegment rows, long[] offsets, int count, float[] query, float[] sums);

    /**
     * {@link #dots(MemorySegment, long[], int, float[], float[])} of rows of which each lies in a memory of its own.
     */
    void dots(MemorySegment[] memories, long[] offsets, int count, float[] query, float[] sums);

    /**
     * {@link #squares(MemorySegment, long[], int, float[], float[])} of rows of which each lies in a memory of its own.
     */
    void squares(MemorySegment[] memories, long[] offsets, int count, float[] query, float[] sums);

    /** {@link #dots} for two queries, which reads each row once. */
    void dots(
            MemorySegment rows,
            long[] offsets,
            int count,
            float[] query,
            float[] sums,
            float[] secondQuery,
            float[] secondSums);

    /** {@link #squares} for two queries, which reads each row once. */
    void squares(
            MemorySegment rows,
            long[] offsets,
            int count,
            float[] query,
            float[] sums,
            float[] secondQuery,
            float[] secondSums);

    /** The kernels of this process, chosen once. */
    static Kernels best() {
        return KernelChoice.CHOSEN;
    }

    /** How many floats a row of this dimension takes, its padding included. */
    static int paddedDimension(int dimension) {
        return (dimension + PADDED_FLOATS - 1) / PADDED_FLOATS * PADDED_FLOATS;
    }

    /** How many bytes a row of this dimension takes, its padding included: a multiple of 64. */
    static long strideBytes(int dimension) {
        return (long) paddedDimension(dimension) * Float.BYTES;
    }
}
