package io.quiver.executor.filter;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.All;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.ArrayContains;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.DocumentMatches;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.In;
import io.quiver.executor.query.Filter.Not;
import io.quiver.executor.query.Filter.Or;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that recent filters accepted, as many as fit into a number of bytes; the least recently used ones go first.
 * Safe on every thread. Rows never change, so what was true of them stays true.
 */
final class FilterCache {
    private static final long ENTRY_BYTES = 200;

    private final long bytesMax;
    private final Map<Filter, RowSet> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long sizeBytes;

    FilterCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    synchronized @Nullable RowSet get(Filter filter) {
        return entries.get(filter);
    }

    /** Remembers what a filter accepts, unless more rows of it are known already. */
    synchronized void put(Filter filter, RowSet rows) {
        RowSet known = entries.get(filter);
        long entryBytes = bytes(filter, rows);
        if (entryBytes > bytesMax || known != null && known.rowCount() >= rows.rowCount()) {
            return;
        }
        entries.put(filter, rows);
        sizeBytes += entryBytes - (known == null ? 0 : bytes(filter, known));
        shrink();
    }

    synchronized long sizeBytes() {
        return sizeBytes;
    }

    private void shrink() {
        Iterator<Map.Entry<Filter, RowSet>> oldestFirst = entries.entrySet().iterator();
        while (sizeBytes > bytesMax) {
            Map.Entry<Filter, RowSet> oldest = oldestFirst.next();
            sizeBytes -= bytes(oldest.getKey(), oldest.getValue());
            oldestFirst.remove();
        }
    }

    private static long bytes(Filter filter, RowSet rows) {
        return ENTRY_BYTES + bytes(filter) + (rows.rowCount() >>> 3);
    }

    /** About how much heap a filter holds. */
    private static long bytes(Filter filter) {
        return switch (filter) {
            case All() -> ENTRY_BYTES;
            case Ids(var ids) -> ids.stream().mapToLong(FilterCache::bytes).sum();
            case Equals(var key, var value) -> bytes(key) + bytes(value);
            case In(var key, var values) ->
                bytes(key) + values.stream().mapToLong(FilterCache::bytes).sum();
            case Compares compares -> bytes(compares.key()) + bytes(compares.bound());
            case ArrayContains(var key, var value) -> bytes(key) + bytes(value);
            case DocumentContains(var text) -> bytes(text);
            case DocumentMatches(var regex) -> bytes(regex);
            case And(var operands) -> bytes(operands);
            case Or(var operands) -> bytes(operands);
            case Not(var operand) -> ENTRY_BYTES + bytes(operand);
        };
    }

    private static long bytes(Collection<Filter> filters) {
        return ENTRY_BYTES + filters.stream().mapToLong(FilterCache::bytes).sum();
    }

    private static long bytes(Scalar value) {
        return value instanceof Text(String text) ? bytes(text) : ENTRY_BYTES;
    }

    private static long bytes(String text) {
        return ENTRY_BYTES + 2L * text.length();
    }
}
