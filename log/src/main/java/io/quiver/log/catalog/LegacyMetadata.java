package io.quiver.log.catalog;

import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.QuiverException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Index parameters in a collection's metadata ({@code hnsw:space} and its like), from before there were configurations.
 * Clients in Java still choose the metric so. They stay in the metadata.
 */
final class LegacyMetadata {
    private static final String PREFIX = "hnsw:";
    private static final Set<String> KEYS = Set.of(
            "hnsw:space",
            "hnsw:construction_ef",
            "hnsw:search_ef",
            "hnsw:M",
            "hnsw:num_threads",
            "hnsw:resize_factor",
            "hnsw:sync_threshold",
            "hnsw:batch_size");

    private LegacyMetadata() {}

    /** The index that the metadata asks for; {@link Hnsw#DEFAULT} where it asks for none. */
    static Hnsw read(@Nullable Metadata metadata) {
        if (metadata == null) {
            return Hnsw.DEFAULT;
        }
        Map<String, MetadataValue> fields = metadata.fields();
        if (fields.keySet().stream().anyMatch(key -> key.startsWith(PREFIX) && !KEYS.contains(key))) {
            throw malformed();
        }
        try {
            return settings(fields).over(Hnsw.DEFAULT.withSpace(space(fields)));
        } catch (QuiverException _) {
            throw malformed();
        }
    }

    private static HnswSettings settings(Map<String, MetadataValue> fields) {
        return new HnswSettings(
                integer(fields, "hnsw:construction_ef"),
                integer(fields, "hnsw:search_ef"),
                integer(fields, "hnsw:M"),
                integer(fields, "hnsw:num_threads"),
                number(fields, "hnsw:resize_factor"),
                integer(fields, "hnsw:sync_threshold"),
                integer(fields, "hnsw:batch_size"));
    }

    private static Space space(Map<String, MetadataValue> fields) {
        MetadataValue value = fields.get("hnsw:space");
        if (value == null) {
            return Space.L2;
        }
        Space space = value instanceof Text(String name) ? Space.ofWireName(name) : null;
        if (space == null) {
            throw malformed();
        }
        return space;
    }

    private static @Nullable Integer integer(Map<String, MetadataValue> fields, String key) {
        MetadataValue value = fields.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Int(long number) && number == (int) number) {
            return (int) number;
        }
        throw malformed();
    }

    private static @Nullable Double number(Map<String, MetadataValue> fields, String key) {
        MetadataValue value = fields.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Real(double number)) {
            return number;
        }
        if (value instanceof Int(long number)) {
            return (double) number;
        }
        throw malformed();
    }

    private static QuiverException malformed() {
        return QuiverException.invalid("Failed to parse hnsw parameters from segment metadata");
    }
}
