package io.quiver.compactor;

import io.quiver.log.record.CollectionId;
import reactor.core.publisher.Mono;

/**
 * Keeps searching fast and disk, log and memory bounded, in the background. Safe on every thread and never blocking.
 */
public interface Compactor extends AutoCloseable {
    /**
     * Folds everything that has been applied to a collection, ahead of what else is due. Completes when the manifest is
     * published and adopted, also where there was nothing to do; fails with what made the fold fail. Behind that its
     * segments are merged to as few as there can be, which takes minutes where they are large.
     */
    Mono<Void> compactNow(CollectionId collection);

    CompactionStats stats();

    /** Gives up the fold under way, of which nothing remains. Blocks until the thread has ended. */
    @Override
    void close();
}
