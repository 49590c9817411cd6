package io.quiver.flight.service;

import io.quiver.executor.query.Deadline;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.LogOffset;
import reactor.core.publisher.Mono;

/**
 * When the batches of uploads may be written. An upload is not refused for coming too fast: it is read no further until
 * its batch is paid for, and written when it is its turn. Safe on every thread, never waits.
 */
public interface WriteTurns {
    /** Lets every batch be written at once. */
    WriteTurns FREE = new WriteTurns() {
        @Override
        public Mono<Boolean> paid(Collection collection, long bytes, Deadline deadline) {
            return Mono.just(true);
        }

        @Override
        public Mono<LogOffset> inTurn(Collection collection, Deadline deadline, Mono<LogOffset> write) {
            return write;
        }
    };

    /**
     * True once the collection's tenant has paid for so many bytes; fails with {@code RESOURCE_EXHAUSTED} where it
     * cannot in time.
     */
    Mono<Boolean> paid(Collection collection, long bytes, Deadline deadline);

    /**
     * The same write, which begins when it is the tenant's turn; fails with {@code UNAVAILABLE} or {@code
     * DEADLINE_EXCEEDED} where that does not come in time.
     */
    Mono<LogOffset> inTurn(Collection collection, Deadline deadline, Mono<LogOffset> write);
}
