package io.quiver.gateway.auth;

import io.quiver.gateway.audit.AuditSettings.Extent;
import java.util.Arrays;
import java.util.Set;

/** What may be allowed, under the names that Chroma gives to what its server does; the {@code system} ones are ours. */
public enum Permission {
    /** What the server says of itself to whomever it knows. */
    LOOK("system:look"),
    METRICS("system:metrics"),
    RESET("system:reset"),
    BACK_UP("system:back_up"),
    SET_QUOTA("system:set_quota"),
    GET_USAGE("tenant:get_usage"),
    CREATE_TENANT("tenant:create_tenant"),
    GET_TENANT("tenant:get_tenant"),
    UPDATE_TENANT("tenant:update_tenant"),
    CREATE_DATABASE("db:create_database"),
    GET_DATABASE("db:get_database"),
    DELETE_DATABASE("db:delete_database"),
    LIST_DATABASES("db:list_databases"),
    CREATE_COLLECTION("db:create_collection"),
    LIST_COLLECTIONS("db:list_collections"),
    COUNT_COLLECTIONS("db:count_collections"),
    GET_COLLECTION("collection:get_collection"),
    UPDATE_COLLECTION("collection:update_collection"),
    DELETE_COLLECTION("collection:delete_collection"),
    FORK_COLLECTION("collection:fork_collection"),
    ADD("collection:add"),
    UPDATE("collection:update"),
    UPSERT("collection:upsert"),
    DELETE("collection:delete"),
    GET("collection:get"),
    QUERY("collection:query"),
    COUNT("collection:count"),
    SEARCH("collection:search"),
    EXPLAIN("collection:explain"),
    FOLLOW("collection:follow"),
    COMPACT("collection:compact");

    private final String text;

    Permission(String text) {
        this.text = text;
    }

    /** As people and Chroma write it. */
    public String text() {
        return text;
    }

    /** The one of this name, or all that the role of this name has. */
    static Set<Permission> named(String name) {
        return Arrays.stream(values())
                .filter(permission -> permission.text.equals(name))
                .findFirst()
                .map(Set::of)
                .orElseGet(() -> Role.of(name).permissions());
    }

    /** Whether it may go with a filter: what it shows can be held to the records that the filter accepts. */
    boolean heedsFilters() {
        return switch (this) {
            case LOOK, GET_TENANT, GET_DATABASE, GET_COLLECTION, GET, QUERY, COUNT, SEARCH -> true;
            case METRICS,
                    RESET,
                    BACK_UP,
                    SET_QUOTA,
                    GET_USAGE,
                    CREATE_TENANT,
                    UPDATE_TENANT,
                    CREATE_DATABASE,
                    DELETE_DATABASE,
                    LIST_DATABASES,
                    CREATE_COLLECTION,
                    LIST_COLLECTIONS,
                    COUNT_COLLECTIONS,
                    UPDATE_COLLECTION,
                    DELETE_COLLECTION,
                    FORK_COLLECTION,
                    ADD,
                    UPDATE,
                    UPSERT,
                    DELETE,
                    EXPLAIN,
                    FOLLOW,
                    COMPACT -> false;
        };
    }

    /** What must be noted for this to be noted. */
    Extent notedFrom() {
        return switch (this) {
            case LOOK,
                    METRICS,
                    GET_USAGE,
                    GET_TENANT,
                    GET_DATABASE,
                    LIST_DATABASES,
                    LIST_COLLECTIONS,
                    COUNT_COLLECTIONS,
                    GET_COLLECTION,
                    GET,
                    QUERY,
                    COUNT,
                    SEARCH,
                    EXPLAIN -> Extent.EVERYTHING;
            case ADD, UPDATE, UPSERT, DELETE, COMPACT -> Extent.WRITES;
            case RESET,
                    BACK_UP,
                    SET_QUOTA,
                    CREATE_TENANT,
                    UPDATE_TENANT,
                    CREATE_DATABASE,
                    DELETE_DATABASE,
                    CREATE_COLLECTION,
                    UPDATE_COLLECTION,
                    DELETE_COLLECTION,
                    FORK_COLLECTION,
                    FOLLOW -> Extent.CATALOG;
        };
    }

    /** Whether whoever may use a part may ask this of the whole: clients do when they connect. */
    boolean reachesUp() {
        return this == LOOK || this == GET_TENANT || this == GET_DATABASE;
    }
}
