package io.quiver.gateway.server;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Tells how long each batch took; otherwise the executor that it stands before, which its opener closes. */
final class TimedExecutor implements QueryExecutor {
    private final QueryExecutor executor;
    private final Consumer<Duration> answered;

    TimedExecutor(QueryExecutor executor, Consumer<Duration> answered) {
        this.executor = executor;
        this.answered = answered;
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        return Mono.defer(() -> {
            long begin = System.nanoTime();
            return executor.execute(queries)
                    .doOnSuccess(_ -> answered.accept(Duration.ofNanos(System.nanoTime() - begin)));
        });
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
    public void close() {}
}
