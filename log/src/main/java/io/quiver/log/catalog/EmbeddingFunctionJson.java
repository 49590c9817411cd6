package io.quiver.log.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/**
 * What a client stored about its embedding function. The server checks its shape and echoes it; it never runs it, nor
 * fetches what it names.
 */
final class EmbeddingFunctionJson {
    static final int LENGTH_MAX = 65_536;

    private EmbeddingFunctionJson() {}

    /** The field's function as JSON text, its unknown fields dropped; {@code null} where the field is absent. */
    static @Nullable String read(JsonFields parent, String name) {
        JsonFields fields = parent.fields(name);
        return fields == null ? null : checkLength(write(fields));
    }

    /** Whether it says no more than that the client uses what it always does. */
    static boolean isDefault(@Nullable String json) {
        if (json == null) {
            return true;
        }
        JsonNode function = StoredJson.read(json);
        return !function.path("type").asText().equals("known")
                || function.path("name").asText().equals("default");
    }

    private static String write(JsonFields fields) {
        ObjectNode function = StoredJson.object();
        fields.requiredText("type");
        String type = fields.variant("type", "legacy", "known", "unknown");
        function.put("type", type);
        if ("known".equals(type)) {
            function.put("name", fields.requiredText("name"));
            function.set("config", fields.required("config"));
        }
        return StoredJson.write(function);
    }

    private static String checkLength(String json) {
        if (json.length() > LENGTH_MAX) {
            throw QuiverException.invalid(
                    "Validation error: embedding_function: Expected at most %d characters of JSON, got %d"
                            .formatted(LENGTH_MAX, json.length()));
        }
        return json;
    }
}
