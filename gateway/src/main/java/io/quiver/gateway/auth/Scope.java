package io.quiver.gateway.auth;

import io.quiver.log.catalog.Collection;
import io.quiver.log.record.QuiverException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of what the server holds: everything, a tenant, a database, or a collection.
 *
 * @param tenant {@code null} for the whole server
 * @param database {@code null} for all of the tenant
 * @param collection name or id; {@code null} for all of the database
 */
public record Scope(
        @Nullable String tenant,
        @Nullable String database,
        @Nullable String collection) {
    public static final Scope SERVER = new Scope(null, null, null);

    public Scope {
        if (tenant == null && database != null || database == null && collection != null) {
            throw QuiverException.invalid("a scope with a database needs a tenant, one with a collection a database");
        }
        requireText(tenant);
        requireText(database);
        requireText(collection);
    }

    private static void requireText(@Nullable String name) {
        if (name != null && name.isEmpty()) {
            throw QuiverException.invalid("a scope must not have an empty name");
        }
    }

    /** Reads what {@link #toString} wrote. */
    static Scope of(String text) {
        String[] names = text.split("/", -1);
        if (names.length > 3) {
            throw QuiverException.invalid("a scope is a tenant, a database and a collection, not '%s'".formatted(text));
        }
        return text.equals("server")
                ? SERVER
                : new Scope(names[0], names.length > 1 ? names[1] : null, names.length > 2 ? names[2] : null);
    }

    static Scope of(Collection collection) {
        return new Scope(collection.tenant(), collection.database(), collection.name());
    }

    /** Whether {@code other} is this or a part of it. */
    boolean covers(Scope other) {
        return covers(tenant, other.tenant) && covers(database, other.database) && covers(collection, other.collection);
    }

    private static boolean covers(@Nullable String ours, @Nullable String theirs) {
        return ours == null || ours.equals(theirs);
    }

    /** The same for a collection that exists, which a scope may name by its id. */
    boolean covers(Collection other) {
        return covers(tenant, other.tenant())
                && covers(database, other.database())
                && (covers(collection, other.name())
                        || covers(collection, other.id().toString()));
    }

    /** {@code server}, or the names with slashes between them. */
    @Override
    public String toString() {
        return tenant == null
                ? "server"
                : Stream.of(tenant, database, collection)
                        .filter(name -> name != null)
                        .collect(Collectors.joining("/"));
    }
}
