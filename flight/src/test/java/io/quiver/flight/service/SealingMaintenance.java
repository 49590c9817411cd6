package io.quiver.flight.service;

import io.quiver.executor.LocalExecutor;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import reactor.core.publisher.Mono;

/** Of a server without a compactor and without a directory of backups: deltas are sealed, and that is all. */
record SealingMaintenance(LocalExecutor executor) implements Maintenance {
    @Override
    public Mono<Void> compact(CollectionId collection) {
        return executor.seal(collection);
    }

    @Override
    public Mono<Snapshot> snapshot(boolean isFull) {
        return Mono.error(new QuiverException(ErrorCode.FAILED_PRECONDITION, "there is no directory of backups"));
    }
}
