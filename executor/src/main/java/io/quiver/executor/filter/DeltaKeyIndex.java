package io.quiver.executor.filter;

import io.quiver.executor.index.RowSet;
import io.quiver.log.record.MetadataValue.Scalar;
import java.util.Arrays;

/**
 * The rows of a delta by the value that one key has in them: chains of rows, from the newest to the oldest, through a
 * table of hashes. Rows are taken in when they are first asked about. Safe on every thread.
 *
 * <p>Memory: about 16 bytes a row, on the heap.
 */
final class DeltaKeyIndex {
    private static final int ROWS_MIN = 1 << 10;
    /** Instead of an older row: the key has no scalar in this row. */
    private static final int ABSENT = -2;

    private final RowSource rows;
    private final String key;
    private int rowCount;
    private int[] hashes = new int[ROWS_MIN];
    /** The row before in the same chain, -1 at its end. */
    private int[] older = new int[ROWS_MIN];
    /** The newest row of each chain, -1 where it is empty. */
    private int[] newest = emptyChains(ROWS_MIN);

    DeltaKeyIndex(RowSource rows, String key) {
        this.rows = rows;
        this.key = key;
    }

    /** Adds the rows whose value may be this one, and all rows whose value is. */
    synchronized void addCandidates(Scalar value, RowSet candidates) {
        takeIn(candidates.rowCount());
        int hash = hash(value);
        for (int row = newest[hash & newest.length - 1]; row >= 0; row = older[row]) {
            if (row < candidates.rowCount() && hashes[row] == hash) {
                candidates.add(row);
            }
        }
    }

    private void takeIn(int until) {
        if (until > hashes.length) {
            grow(Math.max(until, hashes.length * 2));
        }
        for (; rowCount < until; rowCount++) {
            if (rows.metadata(rowCount).get(key) instanceof Scalar value) {
                hashes[rowCount] = hash(value);
                link(rowCount);
            } else {
                older[rowCount] = ABSENT;
            }
        }
    }

    private void link(int row) {
        int chain = hashes[row] & newest.length - 1;
        older[row] = newest[chain];
        newest[chain] = row;
    }

    private void grow(int rowsMin) {
        int capacity = Integer.highestOneBit(rowsMin - 1) << 1;
        hashes = Arrays.copyOf(hashes, capacity);
        older = Arrays.copyOf(older, capacity);
        newest = emptyChains(capacity);
        for (int row = 0; row < rowCount; row++) {
            if (older[row] != ABSENT) {
                link(row);
            }
        }
    }

    private static int[] emptyChains(int count) {
        int[] chains = new int[count];
        Arrays.fill(chains, -1);
        return chains;
    }

    /** Equal values have equal hashes, whatever their kind. */
    private static int hash(Scalar value) {
        int hash = NumberLine.canonical(value).hashCode() * 0x9E3779B9;
        return hash ^ hash >>> 15;
    }
}
