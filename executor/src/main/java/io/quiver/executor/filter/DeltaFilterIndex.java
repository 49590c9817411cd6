package io.quiver.executor.filter;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.Ids;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Filters over a delta segment, whose rows are added while it is asked. A filter looks at each row once: what it said of
 * rows is remembered, and only rows added since are looked at. A filter that names ids looks at their rows alone.
 *
 * <p>Safe on every thread. Memory: up to {@link #CACHE_BYTES_MAX} on the heap.
 */
public final class DeltaFilterIndex implements FilterIndex {
    public static final long CACHE_BYTES_MAX = 4 << 20;

    private final RowSource rows;
    private final FilterCache cache = new FilterCache(CACHE_BYTES_MAX);

    public DeltaFilterIndex(RowSource rows) {
        this.rows = rows;
    }

    @Override
    public RowSet rows(Filter filter, int rowCount) {
        if (filter instanceof Filter.All) {
            return RowSet.all(rowCount);
        }
        Set<String> ids = requiredIds(filter);
        return ids == null ? remembered(filter, rowCount) : amongIds(filter, ids, rowCount);
    }

    private RowSet remembered(Filter filter, int rowCount) {
        RowSet known = cache.get(filter);
        if (known == null || known.rowCount() < rowCount) {
            known = extended(filter, known == null ? RowSet.none(0) : known, rowCount);
            cache.put(filter, known);
        }
        return known.rowCount() == rowCount ? known : known.resized(rowCount);
    }

    private RowSet extended(Filter filter, RowSet known, int rowCount) {
        FilterMatcher matcher = FilterMatcher.compile(filter);
        RowSet accepted = known.resized(rowCount);
        for (int row = known.rowCount(); row < rowCount; row++) {
            if (matcher.accepts(rows, row)) {
                accepted.add(row);
            }
        }
        return accepted;
    }

    /** The ids of which an accepted record has one, where the filter says so. */
    private static @Nullable Set<String> requiredIds(Filter filter) {
        if (filter instanceof Ids(var ids)) {
            return ids;
        }
        if (filter instanceof And(var operands)) {
            for (Filter operand : operands) {
                Set<String> ids = requiredIds(operand);
                if (ids != null) {
                    return ids;
                }
            }
        }
        return null;
    }

    private RowSet amongIds(Filter filter, Set<String> ids, int rowCount) {
        FilterMatcher matcher = FilterMatcher.compile(filter);
        RowSet accepted = RowSet.none(rowCount);
        Set<String> rewritten = new HashSet<>();
        for (String id : ids) {
            int row = rows.rowOf(id);
            if (row >= rowCount) {
                rewritten.add(id);
            } else if (row >= 0 && matcher.accepts(rows, row)) {
                accepted.add(row);
            }
        }
        addOlder(rewritten, matcher, accepted);
        return accepted;
    }

    /** Adds the rows of records that were written again, or first, after the rows that count: a race that few reads meet. */
    private void addOlder(Set<String> ids, FilterMatcher matcher, RowSet accepted) {
        for (int row = 0; row < accepted.rowCount() && !ids.isEmpty(); row++) {
            if (ids.contains(rows.id(row)) && matcher.accepts(rows, row)) {
                accepted.add(row);
            }
        }
    }
}
