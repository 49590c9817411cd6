package io.quiver.flight.service;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import reactor.core.publisher.Mono;

/** What those who run a server have it do beside answering. Safe on every thread; never waits. */
public interface Maintenance {
    /** Completes when everything that was written to a collection before is in published segments. */
    Mono<Void> compact(CollectionId collection);

    /** Backs the whole server up; completes when the backup is durable and verified. */
    Mono<Snapshot> snapshot(boolean isFull);

    /**
     * One backup.
     *
     * @param offset in the log, which it shows
     * @param sizeBytes of everything that it needs
     */
    record Snapshot(String id, boolean isFull, LogOffset offset, int collections, long sizeBytes) {}
}
