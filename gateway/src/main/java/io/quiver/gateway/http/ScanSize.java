package io.quiver.gateway.http;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Query;
import java.util.List;
import reactor.core.publisher.Mono;

/** How many records a scan may return: what it costs. */
final class ScanSize {
    /** So many records are simply asked for. */
    private static final int UNCOUNTED_MAX = 1_000;

    private ScanSize() {}

    /** A caller that asks for everything is told its price when it is known how much that is. */
    static Mono<Long> recordsAtMost(QueryExecutor executor, Query.Scan scan) {
        return scan.limit() <= UNCOUNTED_MAX
                ? Mono.just((long) scan.limit())
                : executor.execute(List.of(
                                new Query.Count(scan.collection(), scan.filter(), scan.consistency(), scan.deadline())))
                        .map(List::getFirst)
                        .doOnNext(RecordAnswers::requireComplete)
                        .map(counted -> Math.min(scan.limit(), counted.total()));
    }
}
