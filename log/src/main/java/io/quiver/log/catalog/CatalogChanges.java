package io.quiver.log.catalog;

import io.quiver.log.catalog.CatalogImage.CollectionEntry;
import io.quiver.log.catalog.CatalogImage.DatabaseEntry;
import io.quiver.log.catalog.CatalogImage.TenantEntry;
import io.quiver.log.catalog.Quota.Resource;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.QuotaException.Subject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What changes a catalog. Each change runs on the catalog's thread, which checks against the image in memory, commits,
 * changes the image, tells the events and then completes the caller, in this order: whoever sees a change completed
 * finds it in every read, and its event in every subscriber's queue.
 */
abstract class CatalogChanges extends CatalogReads {
    /** Forks in one line, those of forks included. */
    static final int FORKS_MAX = 256;

    private final CatalogLimits limits;
    private final DefaultQuotas defaultQuotas;
    private final CatalogEvents events = new CatalogEvents();
    final CatalogThread thread;

    /** Replaced as a whole by a reset. */
    private volatile CatalogImage image;

    /** Owns the files. */
    CatalogChanges(CatalogLimits limits, DefaultQuotas defaultQuotas, CatalogImage image, OpenFiles files) {
        this.limits = limits;
        this.defaultQuotas = defaultQuotas;
        this.image = image;
        this.thread = new CatalogThread(files, events, () -> this.image);
    }

    @Override
    CatalogImage image() {
        return image;
    }

    @Override
    DefaultQuotas defaultQuotas() {
        return defaultQuotas;
    }

    /** A change that quotas may refuse. */
    private <T> Mono<T> creation(Callable<T> change) {
        return thread.change(change).doOnError(quotaRefusals()::count);
    }

    @Override
    public Mono<Tenant> createTenant(String name) {
        return creation(() -> {
            Names.checkTenant(name);
            Refusals.ifExists(image.findTenant(name), "Tenant", name);
            Refusals.ifExceeded(Subject.TENANTS, image.tenantCount(), limits.tenants(), "Create tenant");
            Tenant tenant = new Tenant(name, null);
            long ordinal = image.nextOrdinal();
            thread.commit(tables -> tables.insert(tenant, ordinal));
            image.put(tenant, ordinal);
            return tenant;
        });
    }

    @Override
    public Mono<Tenant> setResourceName(String tenant, String resourceName) {
        return thread.change(() -> {
            Names.checkResourceName(resourceName);
            TenantEntry entry = image.tenant(tenant);
            Refusals.ifSet(entry.tenant.resourceName(), tenant);
            Refusals.ifTaken(image.findResource(resourceName), resourceName);
            Tenant named = new Tenant(tenant, resourceName);
            thread.commit(tables -> tables.update(named));
            image.name(entry, named);
            return named;
        });
    }

    @Override
    public Mono<Database> createDatabase(String tenant, String name) {
        return creation(() -> {
            Names.checkDatabase(name);
            TenantEntry owner = image.tenant(tenant);
            Refusals.ifExists(owner.databases.get(name), "Database", name);
            Refusals.ifExceeded(
                    Subject.DATABASES, owner.databases.count(), limits.databasesPerTenant(), "Create database");
            Database database = new Database(UUID.randomUUID(), name, tenant);
            long ordinal = image.nextOrdinal();
            thread.commit(tables -> tables.insert(database, ordinal));
            image.put(database, ordinal);
            return database;
        });
    }

    @Override
    public Mono<Void> deleteDatabase(String tenant, String name) {
        return thread.change(() -> {
                    Names.checkDatabaseLookup(name);
                    DatabaseEntry entry = image.database(tenant, name);
                    thread.commit(tables -> tables.deleteDatabase(entry.database.id()));
                    List<CollectionEntry> dropped = entry.collections.all();
                    dropped.forEach(image::remove);
                    image.remove(entry);
                    dropped.forEach(this::emitDropped);
                    return name;
                })
                .then();
    }

    @Override
    public Mono<Collection> createCollection(NewCollection collection, boolean getOrCreate) {
        return creation(() -> {
            DatabaseEntry within = Refusals.ifAbsent(
                    image.findDatabase(collection.tenant(), collection.database()), collection.database());
            CollectionEntry existing = within.collections.get(collection.name());
            if (existing != null && getOrCreate) {
                return existing.collection;
            }
            Refusals.ifExists(existing, "Collection", collection.name());
            return create(collection, within.database.id());
        });
    }

    private Collection create(NewCollection given, UUID database) {
        refuseTooMany(given.tenant(), given.database());
        Collection created = new Collection(
                CollectionId.random(),
                given.name(),
                given.tenant(),
                given.database(),
                given.configuration(),
                given.schema(),
                given.metadata(),
                null,
                0);
        long ordinal = image.nextOrdinal();
        thread.commit(tables -> tables.insert(created, Manifest.EMPTY, database, ordinal));
        image.put(created, Manifest.EMPTY, ordinal);
        events.emit(new CatalogEvent.Created(created));
        return created;
    }

    @Override
    public Mono<Collection> changeCollection(CollectionId id, CollectionChange change) {
        return thread.change(() -> {
            CollectionEntry entry = image.collection(id);
            Collection changed = entry.collection.changed(change);
            refuseTakenName(entry.collection, changed);
            return replace(entry, changed);
        });
    }

    private void refuseTakenName(Collection collection, Collection changed) {
        if (!changed.name().equals(collection.name())) {
            DatabaseEntry within = image.database(collection.tenant(), collection.database());
            Refusals.ifExists(within.collections.get(changed.name()), "Collection", changed.name());
        }
    }

    /** Nothing is written where nothing changes. */
    private Collection replace(CollectionEntry entry, Collection changed) {
        if (changed.equals(entry.collection)) {
            return changed;
        }
        Collection next = changed.withVersion(entry.collection.version() + 1);
        thread.commit(tables -> tables.update(next));
        image.replace(entry, next);
        return next;
    }

    @Override
    public Mono<Void> deleteCollection(String tenant, String database, String name) {
        return thread.change(() -> {
                    CollectionEntry entry = image.collection(tenant, database, name);
                    thread.commit(tables -> tables.deleteCollection(entry.collection.id()));
                    image.remove(entry);
                    emitDropped(entry);
                    return name;
                })
                .then();
    }

    /** Answered at once where the dimension is fixed already. */
    @Override
    public Mono<Collection> fixDimension(CollectionId id, int dimension) {
        return changeWhereNeeded(id, collection -> collection.withFirstDimension(dimension));
    }

    /** Answered at once where there is nothing new in them. */
    @Override
    public Mono<Collection> noteKeys(CollectionId id, Map<String, MetadataValue> examples) {
        return changeWhereNeeded(
                id, collection -> collection.withSchema(collection.schema().withKeys(examples)));
    }

    private Mono<Collection> changeWhereNeeded(CollectionId id, UnaryOperator<Collection> change) {
        return Mono.defer(() -> {
            Collection current = image.collection(id).collection;
            return change.apply(current).equals(current)
                    ? Mono.just(current)
                    : thread.change(() -> {
                        CollectionEntry entry = image.collection(id);
                        return replace(entry, change.apply(entry.collection));
                    });
        });
    }

    @Override
    public Mono<Collection> fork(CollectionId source, CollectionId fork, String name, Manifest manifest) {
        return creation(() -> {
            Names.checkCollection(name);
            Collection origin = image.collection(source).collection;
            refuseFork(origin, name);
            CollectionId root = image.root(source);
            Collection created = origin.forked(fork, name);
            DatabaseEntry within = image.database(origin.tenant(), origin.database());
            long ordinal = image.nextOrdinal();
            thread.commit(tables -> tables.insertFork(created, manifest, root, within.database.id(), ordinal));
            image.put(created, manifest, ordinal);
            image.putFork(fork, root);
            events.emit(new CatalogEvent.Created(created));
            return created;
        });
    }

    private void refuseFork(Collection origin, String name) {
        DatabaseEntry within = image.database(origin.tenant(), origin.database());
        Refusals.ifExists(within.collections.get(name), "Collection", name);
        refuseTooMany(origin.tenant(), origin.database());
        Refusals.ifExceeded(Subject.FORKS, image.forkCount(origin.id()), FORKS_MAX, "Fork collection");
    }

    /** On the catalog's thread alone collections are made, so none is made beyond the quota. */
    private void refuseTooMany(String tenant, String database) {
        int inTenant = image.tenant(tenant).collectionCount;
        Refusals.ifExceeded(Subject.COLLECTIONS, inTenant, limits.collectionsPerTenant(), "Create collection");
        Refusals.ifExceeded(
                Resource.COLLECTIONS, quota(new QuotaScope.OfTenant(tenant)), inTenant, 1, "Create collection");
        Refusals.ifExceeded(
                Resource.COLLECTIONS,
                quota(new QuotaScope.OfDatabase(tenant, database)),
                image.database(tenant, database).collections.count(),
                1,
                "Create collection");
    }

    @Override
    public Mono<Void> setQuota(QuotaScope scope, Quota quota) {
        return thread.change(() -> {
                    image.within(scope);
                    thread.commit(tables -> tables.setQuota(QuotaTable.Key.of(scope), quota));
                    image.setQuota(scope, quota);
                    return scope;
                })
                .then();
    }

    @Override
    public Mono<Boolean> publish(CollectionId id, Manifest next) {
        return thread.change(() -> {
            CollectionEntry entry = image.findCollection(id);
            if (entry == null || !thread.commitAndGet(tables -> tables.compareAndSet(id, next))) {
                return false;
            }
            entry.manifest = next;
            events.emit(new CatalogEvent.Published(id, next));
            return true;
        });
    }

    @Override
    public Mono<Void> reset() {
        return thread.change(() -> {
                    List<Collection> dropped = image.allCollections();
                    image = thread.commitAndGet(tables -> {
                        tables.deleteAll();
                        tables.insertDefaults();
                        return tables.load();
                    });
                    dropped.forEach(collection -> events.emit(new CatalogEvent.Dropped(collection.id())));
                    return dropped;
                })
                .then();
    }

    @Override
    public Flux<CatalogEvent> events() {
        return events.flux();
    }

    @Override
    public void close() {
        thread.close();
    }

    private void emitDropped(CollectionEntry entry) {
        events.emit(new CatalogEvent.Dropped(entry.collection.id()));
    }
}
