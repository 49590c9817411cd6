package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All that exists, in memory: what reads are answered from. It holds what was committed and nothing else, and
 * all of it: both files are written anew from it where they cannot be trusted ({@link CatalogSave}).
 *
 * <p>Read on every thread without waiting; changed by the catalog's thread alone. Lookups that throw have the refusals
 * of Chroma's API.
 */
final class CatalogImage {
    private final Map<String, TenantEntry> tenants = new ConcurrentHashMap<>();
    private final Map<CollectionId, CollectionEntry> collections = new ConcurrentHashMap<>();

    /** Tenants that have a resource name, by that. */
    private final Map<String, TenantEntry> resources = new ConcurrentHashMap<>();

    /** Of every fork, the collection at the beginning of its line, which may be gone. */
    private final Map<CollectionId, CollectionId> roots = new ConcurrentHashMap<>();

    /** By root, forks in its line that exist. */
    private final Map<CollectionId, Integer> forkCounts = new ConcurrentHashMap<>();

    /** Those that somebody has set. */
    private final Map<QuotaScope, Quota> quotas = new ConcurrentHashMap<>();

    /** Of the entry made last; the catalog's thread alone asks. */
    private long lastOrdinal;

    @Nullable TenantEntry findTenant(String name) {
        return tenants.get(name);
    }

    TenantEntry tenant(String name) {
        TenantEntry entry = tenants.get(name);
        if (entry == null) {
            throw QuiverException.notFound("Tenant [%s] not found".formatted(Names.shown(name)));
        }
        return entry;
    }

    @Nullable DatabaseEntry findDatabase(String tenant, String name) {
        TenantEntry entry = tenants.get(tenant);
        return entry == null ? null : entry.databases.get(name);
    }

    DatabaseEntry database(String tenant, String name) {
        DatabaseEntry entry = findDatabase(tenant, name);
        if (entry == null) {
            throw QuiverException.notFound(
                    "Database [%s] not found. Are you sure it exists?".formatted(Names.shown(name)));
        }
        return entry;
    }

    @Nullable CollectionEntry findCollection(CollectionId id) {
        return collections.get(id);
    }

    CollectionEntry collection(CollectionId id) {
        CollectionEntry entry = collections.get(id);
        if (entry == null) {
            throw QuiverException.notFound("Collection [%s] does not exist.".formatted(id));
        }
        return entry;
    }

    CollectionEntry collection(String tenant, String database, String name) {
        DatabaseEntry within = findDatabase(tenant, database);
        CollectionEntry entry = within == null ? null : within.collections.get(name);
        if (entry == null) {
            throw QuiverException.notFound("Collection [%s] does not exist".formatted(Names.shown(name)));
        }
        return entry;
    }

    List<Collection> allCollections() {
        return collections.values().stream().map(entry -> entry.collection).toList();
    }

    List<TenantEntry> allTenants() {
        return List.copyOf(tenants.values());
    }

    int tenantCount() {
        return tenants.size();
    }

    long nextOrdinal() {
        return lastOrdinal + 1;
    }

    void put(Tenant tenant, long ordinal) {
        TenantEntry entry = new TenantEntry(tenant, ordinal);
        tenants.put(tenant.name(), entry);
        name(entry, tenant);
        lastOrdinal = Math.max(lastOrdinal, ordinal);
    }

    /** A tenant with its resource name, if it has one. */
    void name(TenantEntry entry, Tenant named) {
        entry.tenant = named;
        if (named.resourceName() != null) {
            resources.put(named.resourceName(), entry);
        }
    }

    @Nullable TenantEntry findResource(String resourceName) {
        return resources.get(resourceName);
    }

    void put(Database database, long ordinal) {
        tenant(database.tenant()).databases.put(database.name(), ordinal, new DatabaseEntry(database, ordinal));
        lastOrdinal = Math.max(lastOrdinal, ordinal);
    }

    void put(Collection collection, Manifest manifest, long ordinal) {
        CollectionEntry entry = new CollectionEntry(collection, manifest, ordinal);
        collections.put(collection.id(), entry);
        databaseOf(collection).collections.put(collection.name(), ordinal, entry);
        tenant(collection.tenant()).collectionCount++;
        lastOrdinal = Math.max(lastOrdinal, ordinal);
    }

    void putFork(CollectionId fork, CollectionId root) {
        roots.put(fork, root);
        forkCounts.merge(root, 1, Integer::sum);
    }

    boolean hasQuotas() {
        return !quotas.isEmpty();
    }

    /** Those that somebody has set. */
    Map<QuotaScope, Quota> quotas() {
        return Map.copyOf(quotas);
    }

    Quota quota(QuotaScope scope) {
        return quotas.getOrDefault(scope, Quota.NONE);
    }

    void setQuota(QuotaScope scope, Quota quota) {
        if (quota.most().isEmpty()) {
            quotas.remove(scope);
        } else {
            quotas.put(scope, quota);
        }
    }

    /** Throws where there is no such thing. */
    List<Collection> within(QuotaScope scope) {
        return switch (scope) {
            case QuotaScope.OfTenant(var tenant) ->
                tenant(tenant).databases.all().stream()
                        .flatMap(database -> database.collections.all().stream())
                        .map(entry -> entry.collection)
                        .toList();
            case QuotaScope.OfDatabase(var tenant, var database) ->
                database(tenant, database).collections.all().stream()
                        .map(entry -> entry.collection)
                        .toList();
            case QuotaScope.OfCollection(var id) -> List.of(collection(id).collection);
        };
    }

    /** The collection at the beginning of the line; itself where it is no fork. */
    CollectionId root(CollectionId collection) {
        return roots.getOrDefault(collection, collection);
    }

    /** Forks that exist in the line of a collection. */
    int forkCount(CollectionId collection) {
        return forkCounts.getOrDefault(root(collection), 0);
    }

    void replace(CollectionEntry entry, Collection changed) {
        String oldName = entry.collection.name();
        entry.collection = changed;
        if (!oldName.equals(changed.name())) {
            databaseOf(changed).collections.rename(oldName, changed.name(), entry);
        }
    }

    void remove(CollectionEntry entry) {
        Collection collection = entry.collection;
        databaseOf(collection).collections.remove(collection.name(), entry.ordinal);
        collections.remove(collection.id());
        CollectionId root = roots.remove(collection.id());
        if (root != null) {
            forkCounts.computeIfPresent(root, (_, count) -> count == 1 ? null : count - 1);
        }
        tenant(collection.tenant()).collectionCount--;
        quotas.remove(new QuotaScope.OfCollection(collection.id()));
    }

    /** The collections of the database must have been removed. */
    void remove(DatabaseEntry entry) {
        tenant(entry.database.tenant()).databases.remove(entry.database.name(), entry.ordinal);
        quotas.remove(new QuotaScope.OfDatabase(entry.database.tenant(), entry.database.name()));
    }

    private DatabaseEntry databaseOf(Collection collection) {
        return database(collection.tenant(), collection.database());
    }

    static final class TenantEntry {
        volatile Tenant tenant;
        final long ordinal;
        final NamesInOrder<DatabaseEntry> databases = new NamesInOrder<>();

        /** The catalog's thread alone counts. */
        int collectionCount;

        private TenantEntry(Tenant tenant, long ordinal) {
            this.tenant = tenant;
            this.ordinal = ordinal;
        }
    }

    static final class DatabaseEntry {
        final Database database;
        final long ordinal;
        final NamesInOrder<CollectionEntry> collections = new NamesInOrder<>();

        private DatabaseEntry(Database database, long ordinal) {
            this.database = database;
            this.ordinal = ordinal;
        }
    }

    static final class CollectionEntry {
        volatile Collection collection;
        volatile Manifest manifest;
        final long ordinal;

        private CollectionEntry(Collection collection, Manifest manifest, long ordinal) {
            this.collection = collection;
            this.manifest = manifest;
            this.ordinal = ordinal;
        }
    }
}
