package io.quiver.gateway.admission;

import io.quiver.executor.ForwardingExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.flight.Patience;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/**
 * The executor as one call over Flight has it: each batch is paid for, and takes its turn. The first takes it among the
 * calls that begin, which a full server refuses like any request; those that follow wait in the lane for bulk work, so
 * that no stream breaks off that was let in. Where others are refused for their rate, a call waits until its batch's
 * deadline; it reads no further meanwhile, so that the caller slows down.
 *
 * <p>Safe on every thread, never waits. Owns nothing of the executor behind it.
 */
final class BulkExecutor extends ForwardingExecutor {
    private final Admission admission;
    private final PaidSearches searches;
    private final Catalog catalog;
    private final AtomicBoolean hasBegun = new AtomicBoolean();

    BulkExecutor(QueryExecutor executor, Admission admission, PaidSearches searches, Catalog catalog) {
        super(executor);
        this.admission = admission;
        this.searches = searches;
        this.catalog = catalog;
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        if (queries.isEmpty()) {
            return Mono.just(List.of());
        }
        Query first = queries.getFirst();
        Lane lane = hasBegun.getAndSet(true) ? Lane.BULK : Lane.CALL;
        return catalog.collection(first.collection())
                .map(Collection::tenant)
                .flatMap(tenant ->
                        Patience.with(ErrorCode.RESOURCE_EXHAUSTED, first.deadline(), inTurn(lane, tenant, queries)));
    }

    private Mono<List<Hits>> inTurn(Lane lane, String tenant, List<Query> queries) {
        Deadline deadline = queries.getFirst().deadline();
        return Mono.usingWhen(
                admission.place(lane, tenant, deadline, Runnable::run),
                _ -> searches.execute(tenant, queries, executor, _ -> {}),
                place -> Mono.fromRunnable(place::close));
    }
}
