package io.quiver.executor.filter;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import java.util.function.BooleanSupplier;

/** Which rows of one segment a filter accepts. Safe on every thread. */
public interface FilterIndex {
    /**
     * The accepted ones of the first {@code rowCount} rows, whether they are live or not. The caller must not change
     * the set: it may be cached.
     *
     * @param stop asked again and again while documents are looked at; where it is true, nothing is found out
     * @throws FilterStoppedException when it was stopped
     */
    RowSet rows(Filter filter, int rowCount, BooleanSupplier stop);

    /** As above, however long it takes. */
    default RowSet rows(Filter filter, int rowCount) {
        return rows(filter, rowCount, () -> false);
    }

    /**
     * About which share of the first {@code rowCount} rows the filter accepts, from 0 to 1: a guess that looks at few
     * rows or none.
     */
    double estimatedSelectivity(Filter filter, int rowCount);
}
