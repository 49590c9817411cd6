package io.quiver.executor.index;

/** Rows {@code from} (inclusive) to {@code to} (exclusive) of a segment. */
public record RowRange(int from, int to) {
    public RowRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no range of rows: %d..%d".formatted(from, to));
        }
    }

    public int count() {
        return to - from;
    }
}
