package io.quiver.executor;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import reactor.core.publisher.Mono;

/**
 * An executor that stands before another, for those who change how queries get there. Whoever opened the other closes
 * it.
 */
public abstract class ForwardingExecutor implements QueryExecutor {
    protected final QueryExecutor executor;

    protected ForwardingExecutor(QueryExecutor executor) {
        this.executor = executor;
    }

    @Override
    public Mono<Void> awaitApplied(CollectionId collection, LogOffset offset) {
        return executor.awaitApplied(collection, offset);
    }

    @Override
    public Mono<Void> admitWrite(CollectionId collection, long bytes) {
        return executor.admitWrite(collection, bytes);
    }

    @Override
    public void close() {
        // the other belongs to whoever opened it
    }
}
