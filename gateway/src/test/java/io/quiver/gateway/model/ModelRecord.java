package io.quiver.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record as its owner sees it.
 *
 * @param embedding whole numbers, so small that distances are exact
 */
record ModelRecord(
        String id,
        List<Integer> embedding,
        @Nullable String document,
        @Nullable String uri,
        Map<String, JsonNode> metadata) {
    ModelRecord {
        embedding = List.copyOf(embedding);
        metadata = Map.copyOf(metadata);
    }
}
