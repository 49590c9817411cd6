package io.quiver.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Grants as JSON, in files and in the claims of tokens: {@code [{"role":"read-only","tenant":"acme","database":"prod"}]}.
 * A field that is not known is refused, for a scope that is not understood would be a wider one.
 */
final class GrantJson {
    private static final Set<String> FIELDS = Set.of("role", "tenant", "database", "collection");
    private static final int GRANTS_MAX = 64;

    private GrantJson() {}

    static ArrayNode write(List<Grant> grants) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        grants.forEach(grant -> write(array.addObject(), grant));
        return array;
    }

    private static void write(ObjectNode out, Grant grant) {
        out.put("role", grant.role().text());
        put(out, "tenant", grant.scope().tenant());
        put(out, "database", grant.scope().database());
        put(out, "collection", grant.scope().collection());
    }

    private static void put(ObjectNode out, String field, @Nullable String name) {
        if (name != null) {
            out.put(field, name);
        }
    }

    static List<Grant> read(@Nullable JsonNode array) {
        if (array == null || !array.isArray() || array.isEmpty() || array.size() > GRANTS_MAX) {
            throw QuiverException.invalid("grants must be an array of 1 to %d objects".formatted(GRANTS_MAX));
        }
        List<Grant> grants = new ArrayList<>();
        array.forEach(grant -> grants.add(one(grant)));
        return grants;
    }

    private static Grant one(JsonNode grant) {
        grant.fieldNames().forEachRemaining(GrantJson::requireKnown);
        String role = text(grant, "role");
        if (role == null) {
            throw QuiverException.invalid("a grant must be an object with a role");
        }
        return new Grant(
                Role.of(role), new Scope(text(grant, "tenant"), text(grant, "database"), text(grant, "collection")));
    }

    private static void requireKnown(String field) {
        if (!FIELDS.contains(field)) {
            throw QuiverException.invalid("a grant has no field '%s'".formatted(field));
        }
    }

    private static @Nullable String text(JsonNode grant, String field) {
        JsonNode value = grant.get(field);
        if (value != null && !value.isTextual()) {
            throw QuiverException.invalid("'%s' of a grant must be a string".formatted(field));
        }
        return value == null ? null : value.textValue();
    }
}
