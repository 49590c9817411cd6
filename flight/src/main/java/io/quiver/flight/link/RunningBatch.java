package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Requests that the executor works on together; stops when nobody waits for any of them. Safe on every thread. */
final class RunningBatch<R extends Asking> {
    private final List<R> requests;
    private final AtomicInteger wanted;
    private final Disposable.Swap work = Disposables.swap();

    RunningBatch(List<R> requests) {
        this.requests = requests;
        this.wanted = new AtomicInteger(requests.size());
    }

    List<R> requests() {
        return requests;
    }

    /** The queries of all requests, one request after the other. */
    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        requests.forEach(request -> queries.addAll(request.queries()));
        return queries;
    }

    <T> void start(Mono<T> mono, Consumer<T> onValue, Consumer<Throwable> onFailure, Runnable onCompletion) {
        work.update(mono.subscribe(onValue, onFailure, onCompletion));
    }

    /** Gives each request its part of the hits. */
    void split(List<Hits> hits, BiConsumer<R, List<Hits>> each) {
        int from = 0;
        for (R request : requests) {
            int to = from + request.queries().size();
            each.accept(request, hits.subList(from, to));
            from = to;
        }
    }

    void cancelOne() {
        if (wanted.decrementAndGet() == 0) {
            stop();
        }
    }

    void stop() {
        work.dispose();
    }
}
