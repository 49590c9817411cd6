package io.quiver.flight.link;

import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the entries used last, up to a number. Belongs to one thread. */
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
    private final int entriesMax;

    BoundedMap(int entriesMax) {
        super(16, 0.75f, true);
        this.entriesMax = entriesMax;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > entriesMax;
    }
}
