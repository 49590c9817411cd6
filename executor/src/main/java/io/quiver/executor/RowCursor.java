package io.quiver.executor;

import io.quiver.executor.index.RowSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Walks the live rows of one part of a view in order of insertion. Belongs to one thread. */
abstract class RowCursor {
    final ViewPart part;
    private int row = -1;
    private long insertion;

    private RowCursor(ViewPart part) {
        this.part = part;
    }

    static RowCursor over(ViewPart part, @Nullable RowSet candidates) {
        return part.isSealed() ? new AsTheyLie(part, candidates) : new Sorted(part, candidates);
    }

    /** Steps to the next row; {@code false} where there is none. */
    boolean advance() {
        row = following(row);
        if (row >= 0) {
            insertion = part.segment().insertion(row);
        }
        return row >= 0;
    }

    int row() {
        return row;
    }

    long insertion() {
        return insertion;
    }

    abstract int following(int previous);

    private static final class AsTheyLie extends RowCursor {
        private final @Nullable RowSet candidates;

        AsTheyLie(ViewPart part, @Nullable RowSet candidates) {
            super(part);
            this.candidates = candidates;
        }

        @Override
        int following(int previous) {
            return part.next(candidates, previous + 1);
        }
    }

    /** Rows of a delta lie in order of writing: an updated record keeps its place among the older ones. */
    private static final class Sorted extends RowCursor {
        private final int[] rows;
        private int at;

        Sorted(ViewPart part, @Nullable RowSet candidates) {
            super(part);
            this.rows = inOrder(part, liveRows(part, candidates));
        }

        @Override
        int following(int previous) {
            return at < rows.length ? rows[at++] : -1;
        }

        private static int[] liveRows(ViewPart part, @Nullable RowSet candidates) {
            int[] rows = new int[part.rowCount()];
            int count = 0;
            for (int row = part.next(candidates, 0); row >= 0; row = part.next(candidates, row + 1)) {
                rows[count++] = row;
            }
            return Arrays.copyOf(rows, count);
        }

        private static int[] inOrder(ViewPart part, int[] rows) {
            long[] insertions = new long[rows.length];
            boolean isAscending = true;
            for (int i = 0; i < rows.length; i++) {
                insertions[i] = part.segment().insertion(rows[i]);
                isAscending &= i == 0 || insertions[i - 1] < insertions[i];
            }
            return isAscending ? rows : sorted(rows, insertions);
        }

        /** Sorts the positions, which are unique, and finds each row its place among them: no boxing. */
        private static int[] sorted(int[] rows, long[] insertions) {
            long[] order = insertions.clone();
            Arrays.sort(order);
            int[] sorted = new int[rows.length];
            for (int i = 0; i < rows.length; i++) {
                sorted[Arrays.binarySearch(order, insertions[i])] = rows[i];
            }
            return sorted;
        }
    }
}
