package io.quiver.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A small body, its fields by name. What is not among the known names is skipped. Belongs to one thread.
 *
 * @param end offset of the body's last byte
 */
record FieldsRequest(RequestBody body, Map<String, JsonValue> fields, int end) {
    static FieldsRequest read(RequestBody body, String... known) {
        Set<String> names = Set.of(known);
        Map<String, JsonValue> fields = new HashMap<>();
        int end = new JsonCursor(body).readObject((name, in) -> {
            boolean isKnown = names.contains(name);
            if (isKnown) {
                JsonValue value = in.value(name);
                value.check();
                fields.put(name, value);
            }
            return isKnown;
        });
        return new FieldsRequest(body, fields, end);
    }

    String requiredText(String name) {
        return required(name).text();
    }

    JsonValue required(String name) {
        JsonValue value = fields.get(name);
        if (value == null) {
            throw BadBody.missingField(body, name, end);
        }
        return value;
    }

    /** {@code null} where the field is absent or null. */
    @Nullable JsonValue get(String name) {
        JsonValue value = fields.get(name);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable JsonNode tree(String name) {
        JsonValue value = get(name);
        return value == null ? null : value.tree();
    }
}
