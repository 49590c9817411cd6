package io.quiver.executor;

import io.quiver.log.catalog.Collection;
import io.quiver.log.record.CollectionId;
import reactor.core.publisher.Mono;

/** Makes collections out of others. Safe on every thread and never blocking. */
public interface CollectionForks {
    /**
     * Makes a collection that holds what {@code source} holds, acknowledged writes included, and shares nothing with it
     * that either could change. Costs the same for few records and for many, but for those not compacted yet, which are
     * written once more.
     *
     * <p>{@code NOT_FOUND} where there is no such collection, {@code ALREADY_EXISTS} where its database has one of that
     * name, {@code QUOTA_EXCEEDED} where the line has forks enough, {@code BACKOFF} where too many forks wait.
     */
    Mono<Collection> fork(CollectionId source, String newName);
}
