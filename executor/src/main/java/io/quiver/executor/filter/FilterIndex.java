package io.quiver.executor.filter;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;

/** Which rows of one segment a filter accepts. Safe on every thread. */
public interface FilterIndex {
    /**
     * The accepted ones of the first {@code rowCount} rows, whether they are live or not. The caller must not change the
     * set: it may be cached.
     */
    RowSet rows(Filter filter, int rowCount);
}
