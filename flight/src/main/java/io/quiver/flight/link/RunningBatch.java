package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Requests that the executor works on together; stops when nobody waits for any of them. Safe on every thread. */
final class RunningBatch {
    private final List<RequestReader.Numbered> requests;
    private final AtomicInteger wanted;
    private final Disposable.Swap work = Disposables.swap();

    RunningBatch(List<RequestReader.Numbered> requests) {
        this.requests = requests;
        this.wanted = new AtomicInteger(requests.size());
    }

    List<RequestReader.Numbered> requests() {
        return requests;
    }

    /** The queries of all requests, one request after the other. */
    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        requests.forEach(request -> queries.addAll(queries(request)));
        return queries;
    }

    <T> void start(Mono<T> mono, Consumer<T> onValue, Consumer<Throwable> onFailure, Runnable onCompletion) {
        work.update(mono.subscribe(onValue, onFailure, onCompletion));
    }

    /** Gives each request its part of the hits. */
    void split(List<Hits> hits, PartConsumer each) {
        int from = 0;
        for (RequestReader.Numbered request : requests) {
            int to = from + queries(request).size();
            each.accept(request.number(), hits.subList(from, to));
            from = to;
        }
    }

    void cancelOne() {
        if (wanted.decrementAndGet() == 0) {
            work.dispose();
        }
    }

    private static List<Query> queries(RequestReader.Numbered request) {
        return request.request() instanceof Request.Ask(var queries) ? queries : List.of();
    }

    interface PartConsumer {
        void accept(long number, List<Hits> hits);
    }
}
