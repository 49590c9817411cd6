package io.quiver.executor.index.code;

import java.lang.foreign.MemorySegment;

/**
 * The inner loops over codes: static loops over primitives, behind one interface so that a process chooses once.
 *
 * <p>A <b>block</b> is the 1-bit codes of {@value #BLOCK} vectors, {@code codeDimension * 4} bytes: 64 bytes hold 16
 * dimensions of all of them, as nibbles of four dimensions. Of 64-byte line {@code c}, bytes {@code 16 g} to
 * {@code 16 g + 15} hold dimensions {@code 16 c + 4 g} to {@code 16 c + 4 g + 3}; where slot {@code s} has its nibble
 * within these 16 bytes say {@link #byteOfSlot} and {@link #isHighNibble}. Bit {@code i} of a nibble is set where
 * component {@code 4 g + i} of the residual is not negative.
 *
 * <p><b>Factors</b> are one int a slot: A in the upper half, B in the lower, each the upper half of a float. Stateless;
 * safe on every thread.
 */
public sealed interface CodeKernels permits VectorCodeKernels, Vector256CodeKernels, ScalarCodeKernels {
    /** Vectors of one block. */
    int BLOCK = 32;

    /** Dimensions that 64 bytes hold of all codes of a block; codes have a multiple of them. */
    int DIMENSIONS_A_LINE = 16;

    /** Lines that are added up at a time: up to three lines behind a block are read, and count nothing. */
    int LINES_A_TURN = 4;

    /** Dimensions of a group, which a nibble holds. */
    int GROUP = 4;

    /** Bits of the whole numbers that {@link #addChosen} adds up. */
    int PLANES = 4;

    /** Words of a plane that are looked at together. */
    int WORDS_A_TURN = 8;

    /** Keys that {@link #countSmaller} looks at. */
    int WINDOW = 32;

    /** What an operator reads in the log: {@code vector-512}, {@code vector-256} or {@code scalar}. */
    String name();

    /**
     * Estimates the distances of the vectors of a block: {@code center + A + B * (scale * sum + base)}, where
     * {@code sum} adds the entries of the table that the codes choose.
     *
     * @param codes where the block's codes begin, in {@code memory}
     * @param factors where its 32 factors begin
     * @param table of {@link #tableBytes}: 16 entries for each four dimensions, then zeros
     * @param lines 64-byte lines of the block
     * @param threshold only estimates below it are marked
     * @param sums scratch, 64 ints
     * @param estimates receives the 32 estimates
     * @return bit {@code s} is set where the estimate of slot {@code s} is below the threshold
     */
    int scan(
            MemorySegment memory,
            long codes,
            long factors,
            byte[] table,
            int lines,
            float scale,
            float base,
            float center,
            float threshold,
            int[] sums,
            float[] estimates);

    /**
     * Writes the table of a query: entry {@code p} of group {@code g} is the sum of its four components, signed by the
     * bits of {@code p}, less the least such sum, in units of the scale that is returned. Every kernel writes the same
     * bytes: {@link TableScale} says how they are rounded.
     *
     * @param query a multiple of {@value #DIMENSIONS_A_LINE} floats
     * @param table of {@link #tableBytes}; what lies behind the entries must be zero, and is not written
     */
    float fillTable(float[] query, byte[] table);

    /** Writes the sum of floats, of their squares, and of their absolute values. */
    void totals(float[] floats, float[] totals);

    /** Inner product of a query with a row of unsigned bytes. */
    float dotBytes(MemorySegment memory, long row, float[] query);

    /** {@link #dotBytes} of four rows. */
    void dotBytes(MemorySegment memory, long row0, long row1, long row2, long row3, float[] query, float[] dots);

    /**
     * Residual of a row of bytes against a center, as bits: {@code lower + scale * byte - center}.
     *
     * @param bits receives 16 components a short
     * @param sums receives the sum of absolute values, of squares, and of the center's components signed by the bits
     */
    void residual(MemorySegment memory, long row, float lower, float scale, float[] center, short[] bits, float[] sums);

    /** Writes {@code lower + scale * byte} for each byte of a row; returns the sum of what was written. */
    float decode(MemorySegment memory, long row, float lower, float scale, float[] floats);

    /**
     * Adds up whole numbers of {@value #PLANES} bits, of which the highest counts negative: those that bits of a row
     * choose.
     *
     * @param rows where the bits of each row begin in {@code memory}; up to seven words behind them are read, and count
     *     nothing
     * @param planes the numbers, one plane of their bits after the other, each a multiple of {@value #WORDS_A_TURN}
     *     words
     * @param sums receives those of the rows {@code from} to {@code to} (exclusive)
     */
    void addChosen(MemorySegment memory, long[] rows, int from, int to, long[] planes, int[] sums);

    /** How many of the {@value #WINDOW} keys from {@code from} on are smaller than {@code key}. */
    int countSmaller(long[] keys, int from, long key);

    /**
     * The first place from {@code from} on whose key ends in {@code node}, its lower half; {@code to} or more where
     * there is none before {@code to}. Reads up to seven keys behind.
     */
    int indexOf(long[] keys, int from, int to, int node);

    /**
     * Multiplies {@code length} floats from {@code from} on by {@code signs}, then takes their Hadamard transform, not
     * normalised. Every kernel gives the same bits.
     *
     * @param signs of {@code length} floats
     * @param length a power of two, at least {@value #DIMENSIONS_A_LINE}
     */
    void flipAndTransform(float[] floats, float[] signs, int from, int length);

    /** The kernels of this process, chosen once. */
    static CodeKernels best() {
        return CodeKernelChoice.CHOSEN;
    }

    /**
     * Largest entry of a table: four of them fit into a byte, and those of all groups into 16 bits, which is what sums
     * are kept in. The more dimensions, the coarser; rounding errors of that many groups even out all the more.
     */
    static int tableMax(int codeDimension) {
        return Math.min(TableScale.ENTRY_MAX, TableScale.SUM_MAX / (codeDimension / GROUP));
    }

    /** Words of a plane of so many numbers, up to a whole turn. */
    static int planeWords(int count) {
        int turn = WORDS_A_TURN * Long.SIZE;
        return (count + turn - 1) / turn * WORDS_A_TURN;
    }

    /** Bytes of a table, up to a whole turn. */
    static int tableBytes(int codeDimension) {
        int turn = DIMENSIONS_A_LINE * LINES_A_TURN;
        return (codeDimension + turn - 1) / turn * turn * 4;
    }

    /** Which byte of each 16 holds the nibble of a slot. */
    static int byteOfSlot(int slot) {
        return 4 * (slot & 3) + 2 * (slot >> 4) + (slot >> 3 & 1);
    }

    /** Whether a slot's nibble is the upper one of its byte. */
    static boolean isHighNibble(int slot) {
        return (slot & 4) != 0;
    }
}
