package io.quiver.log.record;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What an update or upsert does to metadata: sets some fields, removes others, leaves the rest. */
public record MetadataPatch(Map<String, MetadataValue> set, Set<String> removed) {
    public static final MetadataPatch NONE = new MetadataPatch(Map.of(), Set.of());

    public MetadataPatch {
        set = set.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(set));
        removed = Set.copyOf(removed);
    }

    public static MetadataPatch setting(Metadata metadata) {
        return metadata.isEmpty() ? NONE : new MetadataPatch(metadata.fields(), Set.of());
    }

    public boolean isEmpty() {
        return set.isEmpty() && removed.isEmpty();
    }
}
