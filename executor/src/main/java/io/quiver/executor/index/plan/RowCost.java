package io.quiver.executor.index.plan;

/**
 * What looking at one row after the other costs on one thread, in nanoseconds.
 *
 * @param rowNs of each row
 * @param floatNs of each of its floats
 */
public record RowCost(double rowNs, double floatNs) {
    private static final int USUAL = 384;

    public RowCost {
        if (!(rowNs > 0 && floatNs > 0)) {
            throw new IllegalArgumentException("costs must be greater than 0: %s, %s".formatted(rowNs, floatNs));
        }
    }

    /** Of a row of so many floats, or of something else that is as long. */
    double of(double floats) {
        return rowNs + floats * floatNs;
    }

    /** This or the other, whichever is less for a row as long as many are. */
    RowCost cheaper(RowCost other) {
        return other.of(USUAL) < of(USUAL) ? other : this;
    }
}
