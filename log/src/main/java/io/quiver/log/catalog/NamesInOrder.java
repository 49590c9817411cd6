package io.quiver.log.catalog;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Values by name, and in order of creation. Read on every thread without waiting; changed by one.
 *
 * <p>A reader may see a change half made, a value by its name and not yet in the order or the other way round, but
 * never one whose change was refused: the catalog changes its image after the commit.
 */
final class NamesInOrder<V> {
    private final Map<String, V> byName = new ConcurrentHashMap<>();
    private final Map<Long, V> byOrdinal = new ConcurrentSkipListMap<>();

    @Nullable V get(String name) {
        return byName.get(name);
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    int count() {
        return byName.size();
    }

    /** Skips {@code offset} values and takes at most {@code limit}; a page far in costs the skipping. */
    List<V> page(int limit, int offset) {
        return byOrdinal.values().stream().skip(offset).limit(limit).toList();
    }

    List<V> all() {
        return List.copyOf(byOrdinal.values());
    }

    void put(String name, long ordinal, V value) {
        byName.put(name, value);
        byOrdinal.put(ordinal, value);
    }

    void rename(String from, String to, V value) {
        byName.put(to, value);
        byName.remove(from);
    }

    void remove(String name, long ordinal) {
        byName.remove(name);
        byOrdinal.remove(ordinal);
    }
}
