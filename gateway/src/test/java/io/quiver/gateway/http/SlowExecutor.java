package io.quiver.gateway.http;

import io.quiver.executor.ForwardingExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Passes everything on, but answers queries only when told, or marks them as partial. */
final class SlowExecutor extends ForwardingExecutor {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    volatile Mode mode = Mode.USUAL;

    enum Mode {
        USUAL,
        NEVER,
        PARTIAL
    }

    SlowExecutor(QueryExecutor executor) {
        super(executor);
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        asked.incrementAndGet();
        return switch (mode) {
            case USUAL -> executor.execute(queries);
            case NEVER -> Mono.<List<Hits>>never().doOnCancel(cancelled::incrementAndGet);
            case PARTIAL ->
                executor.execute(queries)
                        .map(all -> all.stream().map(SlowExecutor::partial).toList());
        };
    }

    /** What an executor answers that found nothing in time. */
    private static Hits partial(Hits hits) {
        return new Hits(hits.offset(), 0, true, List.of(), new float[0], List.of(), List.of(), List.of(), List.of());
    }

    @Override
    public void close() {
        executor.close();
    }
}
