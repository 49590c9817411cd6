package io.quiver.executor.index;

import java.util.Arrays;

/**
 * A set of rows of one segment: bit {@code row % 64} of word {@code row / 64}. Mutable while it is made, by one thread;
 * not changed once it is shared.
 */
public final class RowSet {
    private final long[] words;
    private final int rowCount;

    /** Wraps words that the caller gives away; bits past {@code rowCount} must be clear. */
    public RowSet(long[] words, int rowCount) {
        if (words.length < (rowCount + 63) >>> 6) {
            throw new IllegalArgumentException("%d words cannot hold %d rows".formatted(words.length, rowCount));
        }
        this.words = words;
        this.rowCount = rowCount;
    }

    public static RowSet none(int rowCount) {
        return new RowSet(new long[(rowCount + 63) >>> 6], rowCount);
    }

    public static RowSet all(int rowCount) {
        RowSet rows = none(rowCount);
        rows.flip();
        return rows;
    }

    /** A copy for another number of rows: rows past it drop out, rows that it adds are not in it. */
    public RowSet resized(int newRowCount) {
        RowSet copy = new RowSet(Arrays.copyOf(words, (newRowCount + 63) >>> 6), newRowCount);
        if ((newRowCount & 63) != 0) {
            copy.words[newRowCount >>> 6] &= (1L << newRowCount) - 1;
        }
        return copy;
    }

    public int rowCount() {
        return rowCount;
    }

    public boolean contains(int row) {
        return (words[row >>> 6] & 1L << row) != 0;
    }

    /** The 32 rows from {@code row} on, a multiple of 32: bit {@code i} says whether {@code row + i} is in the set. */
    public int bits(int row) {
        return (int) (words[row >>> 6] >>> row);
    }

    public void add(int row) {
        words[row >>> 6] |= 1L << row;
    }

    public void remove(int row) {
        words[row >>> 6] &= ~(1L << row);
    }

    public void and(RowSet other) {
        for (int i = 0; i < wordCount(); i++) {
            words[i] &= other.words[i];
        }
    }

    public void or(RowSet other) {
        for (int i = 0; i < wordCount(); i++) {
            words[i] |= other.words[i];
        }
    }

    /** Makes it the set of all other rows. */
    public void flip() {
        int full = rowCount >>> 6;
        for (int i = 0; i < full; i++) {
            words[i] = ~words[i];
        }
        if ((rowCount & 63) != 0) {
            words[full] = ~words[full] & (1L << rowCount) - 1;
        }
    }

    public int count() {
        int count = 0;
        for (int i = 0; i < wordCount(); i++) {
            count += Long.bitCount(words[i]);
        }
        return count;
    }

    /** The first row of the set from {@code row} on, -1 where there is none. */
    public int next(int row) {
        if (row >= rowCount) {
            return -1;
        }
        int word = row >>> 6;
        long bits = words[word] & -1L << row;
        while (bits == 0) {
            if (++word >= wordCount()) {
                return -1;
            }
            bits = words[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /**
     * Writes the first rows of the set from {@code row} on.
     *
     * @param most of them, one at least
     * @return how many
     */
    public int copy(int row, int[] rows, int most) {
        int count = 0;
        long bits = row < rowCount ? words[row >>> 6] & -1L << row : 0;
        for (int word = row >>> 6; ; bits = words[word]) {
            for (; bits != 0 && count < most; bits &= bits - 1) {
                rows[count++] = (word << 6) + Long.numberOfTrailingZeros(bits);
            }
            if (count == most || ++word >= wordCount()) {
                return count;
            }
        }
    }

    private int wordCount() {
        return (rowCount + 63) >>> 6;
    }
}
