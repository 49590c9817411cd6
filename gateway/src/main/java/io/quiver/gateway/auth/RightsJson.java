package io.quiver.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rights as JSON, in files and in the claims of tokens: {@code [{"role":"read-write","tenant":"acme"},
 * {"deny":["collection:delete"],"tenant":"acme","database":"prod"}]}. What is denied is named by permissions, or by a
 * role that has them. A field that is not known is refused, for a scope that is not understood would be a wider one.
 */
final class RightsJson {
    private static final Set<String> FIELDS = Set.of("role", "deny", "tenant", "database", "collection");
    private static final int GRANTS_MAX = 64;

    private RightsJson() {}

    static ArrayNode write(Rights rights) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Grant grant : rights.grants()) {
            write(array.addObject().put("role", grant.role().text()), grant.scope());
        }
        for (Denial denial : rights.denials()) {
            ObjectNode out = array.addObject();
            ArrayNode permissions = out.putArray("deny");
            denial.permissions().stream().map(Permission::text).sorted().forEach(permissions::add);
            write(out, denial.scope());
        }
        return array;
    }

    private static void write(ObjectNode out, Scope scope) {
        put(out, "tenant", scope.tenant());
        put(out, "database", scope.database());
        put(out, "collection", scope.collection());
    }

    private static void put(ObjectNode out, String field, @Nullable String name) {
        if (name != null) {
            out.put(field, name);
        }
    }

    static Rights read(@Nullable JsonNode array) {
        if (array == null || !array.isArray() || array.isEmpty() || array.size() > GRANTS_MAX) {
            throw QuiverException.invalid("grants must be an array of 1 to %d objects".formatted(GRANTS_MAX));
        }
        List<Grant> grants = new ArrayList<>();
        List<Denial> denials = new ArrayList<>();
        for (JsonNode right : array) {
            read(right, grants, denials);
        }
        return new Rights(grants, denials);
    }

    private static void read(JsonNode right, List<Grant> grants, List<Denial> denials) {
        right.fieldNames().forEachRemaining(RightsJson::requireKnown);
        Scope scope = new Scope(text(right, "tenant"), text(right, "database"), text(right, "collection"));
        String role = text(right, "role");
        JsonNode denied = right.get("deny");
        if ((role == null) == (denied == null)) {
            throw QuiverException.invalid("a grant must be an object with a role, or with what it denies");
        }
        if (role == null) {
            denials.add(new Denial(permissions(denied), scope));
        } else {
            grants.add(new Grant(Role.of(role), scope));
        }
    }

    private static Set<Permission> permissions(JsonNode names) {
        if (!names.isArray() || names.isEmpty()) {
            throw QuiverException.invalid("what is denied must be an array of permissions or roles");
        }
        EnumSet<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (JsonNode name : names) {
            if (!name.isTextual()) {
                throw QuiverException.invalid("what is denied must be an array of permissions or roles");
            }
            permissions.addAll(Permission.named(name.textValue()));
        }
        return permissions;
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
