package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The newest retained entry of each collection. Safe on every thread. */
final class CollectionHeads {
    private final Map<CollectionId, LogOffset> heads = new ConcurrentHashMap<>();

    void put(CollectionId collection, LogOffset offset) {
        heads.put(collection, offset);
    }

    LogOffset get(CollectionId collection) {
        return heads.getOrDefault(collection, LogOffset.NONE);
    }

    void dropThrough(LogOffset through) {
        heads.values().removeIf(head -> !head.isAfter(through));
    }
}
