package io.quiver.log.catalog;

import io.quiver.log.catalog.CatalogImage.DatabaseEntry;
import io.quiver.log.catalog.CatalogImage.TenantEntry;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.QuiverException;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * What a catalog is asked, answered from its image in memory on the caller's thread, when it is subscribed to. Safe on
 * every thread, never waits.
 */
abstract class CatalogReads implements Catalog {
    private final QuotaRefusals quotaRefusals = new QuotaRefusals();

    /** Everything that exists at this moment. */
    abstract CatalogImage image();

    @Override
    public Mono<Tenant> tenant(String name) {
        return Mono.fromSupplier(() -> image().tenant(name).tenant);
    }

    @Override
    public Mono<Database> database(String tenant, String name) {
        return Mono.fromSupplier(() -> {
            Names.checkDatabaseLookup(name);
            return image().database(tenant, name).database;
        });
    }

    @Override
    public Mono<List<Database>> databases(String tenant, int limit, int offset) {
        return Mono.fromSupplier(() -> {
            TenantEntry owner = image().findTenant(tenant);
            return owner == null
                    ? List.of()
                    : owner.databases.page(limit, offset).stream()
                            .map(entry -> entry.database)
                            .toList();
        });
    }

    @Override
    public Mono<Collection> collection(String tenant, String database, String name) {
        return Mono.fromSupplier(() -> image().collection(tenant, database, name).collection);
    }

    @Override
    public Mono<Collection> collectionOfResource(String resourceName, String database, String name) {
        return Mono.fromSupplier(() -> {
            TenantEntry tenant = image().findResource(resourceName);
            if (tenant == null) {
                throw QuiverException.notFound("Collection [%s] does not exist".formatted(Names.shown(name)));
            }
            return image().collection(tenant.tenant.name(), database, name).collection;
        });
    }

    @Override
    public Mono<Collection> collection(CollectionId id) {
        return Mono.fromSupplier(() -> image().collection(id).collection);
    }

    @Override
    public Mono<List<Collection>> collections(String tenant, String database, int limit, int offset) {
        return Mono.fromSupplier(() -> {
            DatabaseEntry within = image().findDatabase(tenant, database);
            return within == null
                    ? List.of()
                    : within.collections.page(limit, offset).stream()
                            .map(entry -> entry.collection)
                            .toList();
        });
    }

    @Override
    public Mono<Integer> countCollections(String tenant, String database) {
        return Mono.fromSupplier(() -> {
            DatabaseEntry within = image().findDatabase(tenant, database);
            return within == null ? 0 : within.collections.count();
        });
    }

    @Override
    public Mono<List<Collection>> allCollections() {
        return Mono.fromSupplier(() -> image().allCollections());
    }

    @Override
    public Mono<Integer> countForks(CollectionId collection) {
        return Mono.fromSupplier(() ->
                image().forkCount(image().collection(collection).collection.id()));
    }

    /** Whether a collection was made of another, so that the log does not have all of its records. */
    public Mono<Boolean> isFork(CollectionId collection) {
        return Mono.fromSupplier(() -> !image().root(collection).equals(collection));
    }

    /** What holds where nothing was set. */
    abstract DefaultQuotas defaultQuotas();

    @Override
    public boolean hasQuotas() {
        return image().hasQuotas() || !defaultQuotas().areEmpty();
    }

    @Override
    public Quota quota(QuotaScope scope) {
        return image().quota(scope).or(defaultQuotas().of(scope));
    }

    @Override
    public QuotaRefusals quotaRefusals() {
        return quotaRefusals;
    }

    @Override
    public List<Collection> collectionsWithin(QuotaScope scope) {
        return image().within(scope);
    }

    @Override
    public Mono<Manifest> manifest(CollectionId id) {
        return Mono.fromSupplier(() -> image().collection(id).manifest);
    }
}
