package io.quiver.executor.index.code;

/**
 * How the tables of queries are rounded, to the bit, so that no result depends on the kernel that wrote its table.
 *
 * <p>An entry adds {@code 2 |q|} of those components of its group whose sign is that of its bit. The components are
 * taken as quarters of an entry; the two of each half of the group are added and rounded to a whole number of quarters,
 * half to even; the two halves are added and rounded to an entry, half up.
 */
final class TableScale {
    /** Four entries fit into a byte. */
    static final int ENTRY_MAX = 63;

    /** Sums of entries are kept in 16 bits. */
    static final int SUM_MAX = 65_535;

    /** Added to a small float, it leaves the nearest integer in the low bits. */
    static final float ROUNDING = 1 << 23;

    /** {@link #ROUNDING}, and half an entry. */
    static final float ROUNDING_AND_HALF = ROUNDING + 2;

    /** Bits that hold the quarters. */
    static final int QUARTER_BITS = 2;

    /** So that the factor is finite; queries that are all smaller than that are as good as zero. */
    private static final float SCALE_MIN = 0x1p-100f;

    private static final int QUARTERS = 1 << QUARTER_BITS;

    private TableScale() {}

    /**
     * What one unit of an entry is worth.
     *
     * @param largestRange the largest sum of absolute values of a group
     */
    static float of(float largestRange, int codeDimension) {
        return Math.max(2 * largestRange / CodeKernels.tableMax(codeDimension), SCALE_MIN);
    }

    /** What makes components into quarters of an entry. */
    static float factor(float scale) {
        return 2 * QUARTERS / scale;
    }
}
