package io.quiver.executor.sparse;

/** The sparse vectors of a segment's rows as their records have them, to compute with exactly. */
@FunctionalInterface
public interface SparseRows {
    /**
     * The inner product as {@link SparseQuery} defines it, {@code NaN} where the row has no sparse vector under the
     * query's key or shares no term with it.
     */
    double product(int row, SparseQuery query);
}
