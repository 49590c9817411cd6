package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.MetadataValue;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What exists, durably. Refusals are {@link io.quiver.log.record.QuiverException} with the messages of Chroma's API.
 *
 * <p>A change that fails with {@link io.quiver.log.record.DoubtfulException} may have been made; others that fail have
 * not. What reads answer afterwards is what holds for as long as the process lasts.
 *
 * <p>Safe on every thread and never blocking: reads are answered at once from memory, changes complete on the catalog's
 * own thread when they are durable. A page is {@code offset} entries skipped and at most {@code limit} taken, in order
 * of creation.
 */
public interface Catalog extends AutoCloseable {
    /** {@code ALREADY_EXISTS} where the name is taken. */
    Mono<Tenant> createTenant(String name);

    /** {@code NOT_FOUND} where there is none. */
    Mono<Tenant> tenant(String name);

    /**
     * Names a tenant for resource names, once and for ever. {@code ALREADY_EXISTS} where it has a name, or another
     * tenant has this one.
     */
    Mono<Tenant> setResourceName(String tenant, String resourceName);

    Mono<Database> createDatabase(String tenant, String name);

    Mono<Database> database(String tenant, String name);

    /** Empty for an unknown tenant. */
    Mono<List<Database>> databases(String tenant, int limit, int offset);

    /** Drops it with its collections. */
    Mono<Void> deleteDatabase(String tenant, String name);

    /** Creates a collection; with {@code getOrCreate}, an existing one of that name is returned unchanged. */
    Mono<Collection> createCollection(NewCollection collection, boolean getOrCreate);

    Mono<Collection> collection(String tenant, String database, String name);

    /** Of the tenant of that resource name. */
    Mono<Collection> collectionOfResource(String resourceName, String database, String name);

    /** {@code NOT_FOUND} where there is none; the caller checks tenant and database. */
    Mono<Collection> collection(CollectionId id);

    /** Empty for an unknown database. */
    Mono<List<Collection>> collections(String tenant, String database, int limit, int offset);

    Mono<Integer> countCollections(String tenant, String database);

    /** Every collection of every tenant. */
    Mono<List<Collection>> allCollections();

    Mono<Collection> changeCollection(CollectionId id, CollectionChange change);

    Mono<Void> deleteCollection(String tenant, String database, String name);

    /** Fixes the dimension by the first write; returns the collection with the dimension that it has now. */
    Mono<Collection> fixDimension(CollectionId id, int dimension);

    /** Adds metadata keys with the kinds of their values to the collection's schema, where they are new. */
    Mono<Collection> noteKeys(CollectionId id, Map<String, MetadataValue> examples);

    /**
     * Creates a collection that has everything of {@code source} but its id and name, and begins with a manifest of its
     * own. {@code NOT_FOUND} where the source is gone, {@code ALREADY_EXISTS} where the name is taken.
     */
    Mono<Collection> fork(CollectionId source, CollectionId fork, String name, Manifest manifest);

    /** Forks that exist in the line of a collection: of its root, of these, and so on. */
    Mono<Integer> countForks(CollectionId collection);

    Mono<Manifest> manifest(CollectionId id);

    /**
     * Publishes {@code next} if the collection's manifest still has version {@code next.version() - 1}: {@code false}
     * where it has not or the collection is gone.
     */
    Mono<Boolean> publish(CollectionId id, Manifest next);

    /**
     * Sets how much there may be from now on, in place of what was set before; {@code NOT_FOUND} for what does not
     * exist.
     */
    Mono<Void> setQuota(QuotaScope scope, Quota quota);

    /** Whether anything is limited anywhere; answered at once, for who asks before every operation. */
    boolean hasQuotas();

    /** What holds for a scope: what was set, else the default; answered at once. */
    Quota quota(QuotaScope scope);

    /** Where is counted what quotas refuse: by the catalog itself, the writer and whoever answers queries. */
    QuotaRefusals quotaRefusals();

    /** The collections of a scope; answered at once, {@code NOT_FOUND} thrown for one that does not exist. */
    List<Collection> collectionsWithin(QuotaScope scope);

    /** Deletes everything; the default tenant and database exist again. */
    Mono<Void> reset();

    /** Events from now on; never fails, never completes before {@link #close}. */
    Flux<CatalogEvent> events();

    @Override
    void close();
}
