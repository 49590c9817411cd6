package io.quiver.gateway.admission;

import io.quiver.executor.QueryExecutor;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import reactor.core.publisher.Mono;

/** An executor that has nothing to wait for: what it answers is all that matters of it. */
interface AnswersAlone extends QueryExecutor {
    @Override
    default Mono<Void> awaitApplied(CollectionId collection, LogOffset offset) {
        return Mono.empty();
    }

    @Override
    default Mono<Void> admitWrite(CollectionId collection, long bytes) {
        return Mono.empty();
    }

    @Override
    default void close() {}
}
