package io.quiver.log.record;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The typed fields of a record, in the order in which they were given. */
public record Metadata(Map<String, MetadataValue> fields) {
    public static final Metadata EMPTY = new Metadata(Map.of());

    public Metadata {
        fields = fields.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    public @Nullable MetadataValue get(String key) {
        return fields.get(key);
    }

    /** These fields with those of {@code patch} set and its removed ones gone. */
    public Metadata patched(MetadataPatch patch) {
        if (patch.isEmpty()) {
            return this;
        }
        Map<String, MetadataValue> merged = new LinkedHashMap<>(fields);
        merged.putAll(patch.set());
        patch.removed().forEach(merged::remove);
        return merged.isEmpty() ? EMPTY : new Metadata(merged);
    }
}
