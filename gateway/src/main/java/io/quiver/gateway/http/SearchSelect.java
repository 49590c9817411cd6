package io.quiver.gateway.http;

import io.quiver.executor.query.GroupBy;
import io.quiver.executor.query.Projection;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one search wants to know of its records besides their ids.
 *
 * @param keys in order, each once: parts of records, which begin with #, and keys of metadata
 */
record SearchSelect(List<String> keys) {
    static final SearchSelect NOTHING = new SearchSelect(List.of());
    static final int KEYS_MAX = 1_024;

    private static final String DOCUMENT = "#document";
    private static final String METADATA = "#metadata";

    SearchSelect {
        keys = List.copyOf(new TreeSet<>(keys));
    }

    static SearchSelect read(JsonTree json) {
        JsonTree keys = json.get("keys");
        if (keys == null) {
            return NOTHING;
        }
        if (keys.elements().size() > KEYS_MAX) {
            throw QuiverException.invalid(
                    "Validation error: %s: Expected at most %d keys".formatted(keys.path(), KEYS_MAX));
        }
        return new SearchSelect(keys.texts());
    }

    boolean hasDocuments() {
        return keys.contains(DOCUMENT);
    }

    boolean hasEmbeddings() {
        return keys.contains(RankReader.EMBEDDING);
    }

    boolean hasScores() {
        return keys.contains(GroupBy.SCORE);
    }

    boolean hasMetadatas() {
        return keys.contains(METADATA) || !fields().isEmpty();
    }

    Projection projection() {
        return new Projection(hasDocuments(), hasEmbeddings(), hasMetadatas(), false, hasScores());
    }

    /** The fields that were selected of a record's. */
    Metadata of(Metadata metadata) {
        if (keys.contains(METADATA)) {
            return metadata;
        }
        Set<String> selected = fields();
        Set<String> others = metadata.fields().keySet().stream()
                .filter(key -> !selected.contains(key))
                .collect(Collectors.toSet());
        return metadata.patched(new MetadataPatch(Map.of(), others));
    }

    private Set<String> fields() {
        return keys.stream().filter(key -> !key.startsWith("#")).collect(Collectors.toSet());
    }
}
