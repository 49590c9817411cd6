package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Requests that the executor works on together; stops when nobody waits for any of them. Safe on every thread. */
final class RunningBatch<R extends Asking> {
    private final List<R> requests;
    private final Predicate<R> hasEnded;
    private final AtomicInteger wanted;
    private final Disposable.Swap work = Disposables.swap();

    /** @param hasEnded whether nobody waits for a request any more; safe on every thread */
    RunningBatch(List<R> requests, Predicate<R> hasEnded) {
        this.requests = requests;
        this.hasEnded = hasEnded;
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

    /** Which of {@link #queries} nobody waits for any more, although others of the batch are waited for. */
    IntPredicate withdrawn() {
        if (requests.size() == 1) {
            return _ -> false;
        }
        List<R> ofQueries = new ArrayList<>();
        for (R request : requests) {
            ofQueries.addAll(Collections.nCopies(request.queries().size(), request));
        }
        return query -> hasEnded.test(ofQueries.get(query));
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
