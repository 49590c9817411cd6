package io.quiver.gateway.auth;

import static io.quiver.gateway.auth.Requirement.Level.COLLECTION;
import static io.quiver.gateway.auth.Requirement.Level.COLLECTION_ANYWHERE;
import static io.quiver.gateway.auth.Requirement.Level.DATABASE;
import static io.quiver.gateway.auth.Requirement.Level.KNOWN;
import static io.quiver.gateway.auth.Requirement.Level.OPEN;
import static io.quiver.gateway.auth.Requirement.Level.SERVER;
import static io.quiver.gateway.auth.Requirement.Level.TENANT;

import io.quiver.gateway.auth.Requirement.Level;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The one table of what each route and each Flight call needs. A server does not start with a route or a call that is
 * not here, so nothing is offered that nobody thought about.
 *
 * <p>Whoever may write one collection alone may not change the catalog: a new name would lead out of the scope.
 */
public final class AccessTable {
    private static final String TENANTS = "/api/v2/tenants";
    private static final String IN_TENANT = TENANTS + "/{tenant}";
    private static final String DATABASES = IN_TENANT + "/databases";
    private static final String IN_DATABASE = DATABASES + "/{database}";
    private static final String COLLECTIONS = IN_DATABASE + "/collections";
    private static final String IN_COLLECTION = COLLECTIONS + "/{collection}";

    private static final Map<String, Requirement> TABLE = table();

    private AccessTable() {}

    /** Of a route, {@code POST /api/v2/reset}, or a call, {@code flight DoPut}; throws where there is none. */
    public static Requirement of(String operation) {
        Requirement requirement = TABLE.get(operation);
        if (requirement == null) {
            throw new IllegalStateException(
                    "'%s' has no entry in the table of permissions, AccessTable".formatted(operation));
        }
        return requirement;
    }

    /** The whole table. */
    public static Map<String, Requirement> all() {
        return TABLE;
    }

    private static Map<String, Requirement> table() {
        Map<String, Requirement> table = new LinkedHashMap<>();
        addServer(table);
        addCatalog(table);
        addCollections(table);
        addRecords(table);
        addLater(table);
        addFlight(table);
        return Collections.unmodifiableMap(table);
    }

    private static void addServer(Map<String, Requirement> table) {
        put(table, "GET /healthz", Permission.LOOK, OPEN);
        put(table, "GET /readyz", Permission.LOOK, OPEN);
        put(table, "GET /metrics", Permission.METRICS, SERVER);
        put(table, "GET /api/v2", Permission.LOOK, OPEN);
        put(table, "GET /api/v2/", Permission.LOOK, OPEN);
        put(table, "GET /api/v2/heartbeat", Permission.LOOK, OPEN);
        put(table, "GET /api/v2/healthcheck", Permission.LOOK, KNOWN);
        put(table, "GET /api/v2/version", Permission.LOOK, KNOWN);
        put(table, "GET /api/v2/pre-flight-checks", Permission.LOOK, KNOWN);
        put(table, "GET /api/v2/auth/identity", Permission.LOOK, KNOWN);
        put(table, "GET /openapi.json", Permission.LOOK, KNOWN);
        put(table, "GET /docs", Permission.LOOK, KNOWN);
        put(table, "GET /limits", Permission.LOOK, KNOWN);
        put(table, "POST /api/v2/reset", Permission.RESET, SERVER);
        put(table, "GET /api/v2/admin/snapshots", Permission.BACK_UP, SERVER);
        put(table, "POST /api/v2/admin/snapshots", Permission.BACK_UP, SERVER);
        put(table, "DELETE /api/v2/admin/snapshots/{snapshot}", Permission.BACK_UP, SERVER);
        put(table, "PUT /api/v2/admin/quotas/{tenant}", Permission.SET_QUOTA, SERVER);
        put(table, "PUT /api/v2/admin/quotas/{tenant}/{database}", Permission.SET_QUOTA, SERVER);
        put(table, "PUT /api/v2/admin/quotas/{tenant}/{database}/{collection}", Permission.SET_QUOTA, SERVER);
        Stream.of("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
                .forEach(method -> put(table, method + " /api/v1/{any*}", Permission.LOOK, KNOWN));
    }

    private static void addCatalog(Map<String, Requirement> table) {
        put(table, "POST " + TENANTS, Permission.CREATE_TENANT, SERVER);
        put(table, "GET " + IN_TENANT, Permission.GET_TENANT, TENANT);
        put(table, "GET " + IN_TENANT + "/usage", Permission.GET_USAGE, TENANT);
        put(table, "GET " + IN_DATABASE + "/usage", Permission.GET_USAGE, DATABASE);
        put(table, "GET " + IN_COLLECTION + "/usage", Permission.GET_USAGE, COLLECTION);
        put(table, "PATCH " + IN_TENANT, Permission.UPDATE_TENANT, TENANT);
        put(table, "POST " + DATABASES, Permission.CREATE_DATABASE, TENANT);
        put(table, "GET " + DATABASES, Permission.LIST_DATABASES, TENANT);
        put(table, "GET " + IN_DATABASE, Permission.GET_DATABASE, DATABASE);
        put(table, "DELETE " + IN_DATABASE, Permission.DELETE_DATABASE, TENANT);
    }

    private static void addCollections(Map<String, Requirement> table) {
        put(table, "POST " + COLLECTIONS, Permission.CREATE_COLLECTION, DATABASE);
        put(table, "GET " + COLLECTIONS, Permission.LIST_COLLECTIONS, DATABASE);
        put(table, "GET " + IN_DATABASE + "/collections_count", Permission.COUNT_COLLECTIONS, DATABASE);
        put(table, "GET " + IN_COLLECTION, Permission.GET_COLLECTION, COLLECTION);
        put(table, "GET " + COLLECTIONS + "/by-id/{collection}", Permission.GET_COLLECTION, COLLECTION);
        put(table, "GET /api/v2/collections/{crn}", Permission.GET_COLLECTION, COLLECTION_ANYWHERE);
        put(table, "PUT " + IN_COLLECTION, Permission.UPDATE_COLLECTION, DATABASE);
        put(table, "DELETE " + IN_COLLECTION, Permission.DELETE_COLLECTION, DATABASE);
        put(table, "POST " + IN_COLLECTION + "/fork", Permission.FORK_COLLECTION, DATABASE);
        put(table, "GET " + IN_COLLECTION + "/fork_count", Permission.LIST_COLLECTIONS, DATABASE);
    }

    private static void addRecords(Map<String, Requirement> table) {
        put(table, "POST " + IN_COLLECTION + "/add", Permission.ADD, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/update", Permission.UPDATE, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/upsert", Permission.UPSERT, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/delete", Permission.DELETE, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/get", Permission.GET, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/query", Permission.QUERY, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/search", Permission.SEARCH, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/explain", Permission.EXPLAIN, COLLECTION);
        put(table, "GET " + IN_COLLECTION + "/count", Permission.COUNT, COLLECTION);
        put(table, "GET " + IN_COLLECTION + "/indexing_status", Permission.COUNT, COLLECTION);
        put(table, "GET " + IN_COLLECTION + "/stream", Permission.FOLLOW, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/conditional/get", Permission.GET, COLLECTION);
        put(table, "POST " + IN_COLLECTION + "/conditional/commit", Permission.UPSERT, COLLECTION);
    }

    private static void addLater(Map<String, Requirement> table) {
        put(table, "POST " + IN_COLLECTION + "/functions/attach", Permission.UPDATE_COLLECTION, DATABASE);
        put(table, "GET " + IN_COLLECTION + "/functions/{name}", Permission.UPDATE_COLLECTION, DATABASE);
        put(
                table,
                "POST " + IN_COLLECTION + "/attached_functions/{name}/add_input",
                Permission.UPDATE_COLLECTION,
                DATABASE);
        put(
                table,
                "POST " + IN_COLLECTION + "/attached_functions/{name}/detach",
                Permission.UPDATE_COLLECTION,
                DATABASE);
    }

    private static void addFlight(Map<String, Requirement> table) {
        put(table, "flight ListFlights", Permission.GET_COLLECTION, COLLECTION);
        put(table, "flight GetFlightInfo", Permission.GET_COLLECTION, COLLECTION);
        put(table, "flight DoGet", Permission.GET, COLLECTION);
        put(table, "flight DoPut", Permission.UPSERT, COLLECTION);
        put(table, "flight DoExchange", Permission.QUERY, COLLECTION);
        put(table, "flight ListActions", Permission.LOOK, KNOWN);
        put(table, "flight create_collection", Permission.CREATE_COLLECTION, DATABASE);
        put(table, "flight drop_collection", Permission.DELETE_COLLECTION, DATABASE);
        put(table, "flight list_collections", Permission.LIST_COLLECTIONS, DATABASE);
        put(table, "flight compact", Permission.COMPACT, COLLECTION);
        put(table, "flight snapshot", Permission.BACK_UP, SERVER);
        put(table, "flight stats", Permission.COUNT, COLLECTION);
        put(table, "flight explain", Permission.EXPLAIN, COLLECTION);
        put(table, "flight DoGet changes", Permission.FOLLOW, COLLECTION);
        put(table, "flight count", Permission.COUNT, COLLECTION);
    }

    private static void put(Map<String, Requirement> table, String operation, Permission permission, Level level) {
        if (table.put(operation, new Requirement(permission, level)) != null) {
            throw new IllegalStateException("two entries for " + operation);
        }
    }
}
