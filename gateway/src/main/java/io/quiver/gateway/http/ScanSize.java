package io.quiver.gateway.http;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Query;
import java.util.List;
import reactor.core.publisher.Mono;

/** A caller that asks for everything is told its price when it is known how much that is. */
final class ScanSize {
    /** So many records are simply asked for. */
    private static final int UNCOUNTED_MAX = 1_000;

    private ScanSize() {}

    /** No more records than these are in the answer. */
    static Mono<Long> atMost(Query.Scan scan, QueryExecutor executor) {
        if (scan.limit() <= UNCOUNTED_MAX) {
            return Mono.just((long) scan.limit());
        }
        Query count = new Query.Count(scan.collection(), scan.filter(), scan.consistency(), scan.deadline());
        return executor.execute(List.of(count))
                .map(List::getFirst)
                .doOnNext(RecordAnswers::requireComplete)
                .map(counted -> Math.min(scan.limit(), counted.total()));
    }
}
