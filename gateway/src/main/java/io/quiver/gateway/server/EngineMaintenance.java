package io.quiver.gateway.server;

import io.quiver.compactor.Compactor;
import io.quiver.flight.service.Maintenance;
import io.quiver.gateway.http.Snapshots;
import io.quiver.log.record.CollectionId;
import reactor.core.publisher.Mono;

/** Lets Flight's callers have what HTTP's can: one compactor, one keeper of backups. */
record EngineMaintenance(Compactor compactor, Snapshots snapshots) implements Maintenance {
    @Override
    public Mono<Void> compact(CollectionId collection) {
        return compactor.compactNow(collection);
    }

    @Override
    public Mono<Snapshot> snapshot(boolean isFull) {
        return snapshots
                .take(isFull)
                .map(taken -> new Snapshot(
                        taken.id(), taken.isFull(), taken.offset(), taken.collections(), taken.sizeBytes()));
    }
}
