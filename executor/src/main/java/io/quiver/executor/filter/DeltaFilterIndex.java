package io.quiver.executor.filter;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.All;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.In;
import io.quiver.log.record.MetadataValue.Scalar;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Filters over a delta segment, whose rows are added while it is asked. What a filter said of rows is remembered, and
 * only rows added since are looked at. A filter that is asked for the first time looks at the rows that have one of its
 * ids or values, where it requires any, and at all rows else.
 *
 * <p>Safe on every thread. Memory, on the heap: up to {@link #CACHE_BYTES_MAX} of answers, and 16 bytes a row for each
 * of the {@link #KEYS_MAX} keys last asked about.
 */
public final class DeltaFilterIndex implements FilterIndex {
    public static final long CACHE_BYTES_MAX = 4 << 20;
    public static final int KEYS_MAX = 8;

    private static final int SAMPLE_ROWS = 100;

    private final RowSource rows;
    private final FilterCache cache = new FilterCache(CACHE_BYTES_MAX);
    private final SequencedMap<String, DeltaKeyIndex> keys = new LinkedHashMap<>(16, 0.75f, true);

    public DeltaFilterIndex(RowSource rows) {
        this.rows = rows;
    }

    @Override
    public RowSet rows(Filter filter, int rowCount, BooleanSupplier stop) {
        if (filter instanceof All) {
            return RowSet.all(rowCount);
        }
        Set<String> ids = required(filter, part -> part instanceof Ids(var some) ? some : null);
        return ids == null
                ? remembered(filter, rowCount, new LookedAt(stop))
                : amongIds(filter, ids, rowCount, new LookedAt(stop));
    }

    /** By some rows that lie as far from each other as can be. */
    @Override
    public double estimatedSelectivity(Filter filter, int rowCount) {
        FilterMatcher matcher = FilterMatcher.compile(filter);
        int sampleCount = Math.min(rowCount, SAMPLE_ROWS);
        int accepted = 0;
        for (int i = 0; i < sampleCount; i++) {
            accepted += matcher.accepts(rows, (int) ((long) i * rowCount / sampleCount)) ? 1 : 0;
        }
        return sampleCount == 0 ? 0 : (double) accepted / sampleCount;
    }

    private RowSet remembered(Filter filter, int rowCount, LookedAt lookedAt) {
        RowSet known = cache.get(filter);
        if (known == null || known.rowCount() < rowCount) {
            known = known == null ? first(filter, rowCount, lookedAt) : extended(filter, known, rowCount, lookedAt);
            cache.put(filter, known);
        }
        return known.rowCount() == rowCount ? known : known.resized(rowCount);
    }

    private RowSet first(Filter filter, int rowCount, LookedAt lookedAt) {
        In values = required(filter, DeltaFilterIndex::values);
        return values == null
                ? extended(filter, RowSet.none(0), rowCount, lookedAt)
                : amongValues(filter, values, rowCount, lookedAt);
    }

    private RowSet extended(Filter filter, RowSet known, int rowCount, LookedAt lookedAt) {
        FilterMatcher matcher = FilterMatcher.compile(filter, lookedAt);
        RowSet accepted = known.resized(rowCount);
        for (int row = known.rowCount(); row < rowCount; row++) {
            lookedAt.next();
            if (matcher.accepts(rows, row)) {
                accepted.add(row);
            }
        }
        return accepted;
    }

    private RowSet amongValues(Filter filter, In values, int rowCount, LookedAt lookedAt) {
        FilterMatcher matcher = FilterMatcher.compile(filter, lookedAt);
        DeltaKeyIndex index = keyIndex(values.key());
        RowSet accepted = RowSet.none(rowCount);
        for (Scalar value : values.values()) {
            index.addCandidates(value, accepted);
        }
        for (int row = accepted.next(0); row >= 0; row = accepted.next(row + 1)) {
            lookedAt.next();
            if (!matcher.accepts(rows, row)) {
                accepted.remove(row);
            }
        }
        return accepted;
    }

    private RowSet amongIds(Filter filter, Set<String> ids, int rowCount, LookedAt lookedAt) {
        FilterMatcher matcher = FilterMatcher.compile(filter, lookedAt);
        RowSet accepted = RowSet.none(rowCount);
        Set<String> rewritten = new HashSet<>();
        for (String id : ids) {
            lookedAt.next();
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

    /**
     * Adds the rows of records that were written again, or first, after the rows that count: a race that few reads
     * meet.
     */
    private void addOlder(Set<String> ids, FilterMatcher matcher, RowSet accepted) {
        for (int row = 0; row < accepted.rowCount() && !ids.isEmpty(); row++) {
            if (ids.contains(rows.id(row)) && matcher.accepts(rows, row)) {
                accepted.add(row);
            }
        }
    }

    private DeltaKeyIndex keyIndex(String key) {
        synchronized (keys) {
            DeltaKeyIndex index = keys.computeIfAbsent(key, some -> new DeltaKeyIndex(rows, some));
            if (keys.size() > KEYS_MAX) {
                keys.pollFirstEntry();
            }
            return index;
        }
    }

    /** What some part says that every accepted row fulfils. */
    private static <T> @Nullable T required(Filter filter, Function<Filter, @Nullable T> reading) {
        T found = reading.apply(filter);
        if (found == null && filter instanceof And(var operands)) {
            for (Filter operand : operands) {
                found = required(operand, reading);
                if (found != null) {
                    return found;
                }
            }
        }
        return found;
    }

    private static @Nullable In values(Filter filter) {
        if (filter instanceof Equals(var key, var value)) {
            return new In(key, List.of(value));
        }
        return filter instanceof In in ? in : null;
    }
}
