package io.quiver.executor.index.code;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Inner products of a query with rows of 4-bit codes.
 *
 * <p>A <b>row</b> has one nibble a dimension: byte {@code i} holds dimension {@code 2 i} in its low half and {@code 2 i
 * + 1} in its high one. Rows are read in lines of 64 bytes, so up to 63 bytes behind a row are read too, and count
 * nothing.
 *
 * <p>A <b>query</b> is one signed byte a dimension, as a short: of the 128 dimensions of a line, first every fourth one
 * from the first on, then every fourth from the second on, and so on, as the nibbles lie in the shorts of a row. A
 * nibble times a byte is at most {@code 15 * 127}, so that sixteen such products fit into a short.
 *
 * <p>Stateless; safe on every thread.
 */
public sealed interface NibbleKernels permits VectorNibbleKernels, ScalarNibbleKernels {
    int LINE_BYTES = 64;

    int DIMENSIONS_A_LINE = 2 * LINE_BYTES;

    /** Shorts of a line. */
    int SHORTS = LINE_BYTES / Short.BYTES;

    /** Largest component of a query. */
    int QUERY_MAX = 127;

    /** Products that fit into a short. */
    int PRODUCTS_MAX = Short.MAX_VALUE / (15 * QUERY_MAX) / 4 * 4;

    /**
     * Inner products of four rows with a query.
     *
     * @param dots receives the four sums
     */
    void dots(MemorySegment memory, long row0, long row1, long row2, long row3, short[] query, int[] dots);

    /** Shorts of a query, up to a whole line. */
    static int queryShorts(int codeDimension) {
        return (codeDimension + DIMENSIONS_A_LINE - 1) / DIMENSIONS_A_LINE * DIMENSIONS_A_LINE;
    }

    /** Writes a query in its form for the kernels, rounded to whole multiples of the scale that is returned. */
    static float fillQuery(float[] floats, short[] query) {
        float largest = 0;
        for (float value : floats) {
            largest = Math.max(largest, Math.abs(value));
        }
        float scale = largest == 0 ? 1 : largest / QUERY_MAX;
        float inverse = 1 / scale;
        Arrays.fill(query, (short) 0);
        for (int i = 0; i < floats.length; i++) {
            query[place(i)] = (short) Math.round(floats[i] * inverse);
        }
        return scale;
    }

    /** Where a query has a dimension. */
    static int place(int dimension) {
        int line = dimension / DIMENSIONS_A_LINE;
        return line * DIMENSIONS_A_LINE + (dimension & 3) * SHORTS + dimension % DIMENSIONS_A_LINE / 4;
    }

    /** The kernels of this process, chosen once. */
    static NibbleKernels best() {
        return NibbleKernelChoice.CHOSEN;
    }
}
