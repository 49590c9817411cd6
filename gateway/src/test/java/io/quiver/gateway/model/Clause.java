package io.quiver.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/**
 * A condition as a caller writes it, and what it means.
 *
 * @param json a {@code where} or a {@code where_document}
 */
record Clause(JsonNode json, Predicate<ModelRecord> meaning) {
    boolean accepts(ModelRecord record) {
        return meaning.test(record);
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
