package io.quiver.gateway.admission;

import io.quiver.executor.ForwardingExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The executor as Flight's callers have it: each batch is paid for and takes its turn in the lane for bulk work. Where others are
 * refused for their rate, a stream waits until its batch's deadline; it reads no further meanwhile, so that the caller slows down.
 *
 * <p>Safe on every thread, never waits. Owns nothing of the executor behind it.
 */
public final class BulkExecutor extends ForwardingExecutor {
    private static final Duration RETRY_AFTER = Duration.ofMillis(100);

    private final Admission admission;
    private final PaidSearches searches;
    private final Catalog catalog;

    public BulkExecutor(QueryExecutor executor, Admission admission, PaidSearches searches, Catalog catalog) {
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
        return catalog.collection(first.collection())
                .map(Collection::tenant)
                .flatMap(tenant -> patient(inTurn(tenant, queries), first.deadline()));
    }

    private Mono<List<Hits>> inTurn(String tenant, List<Query> queries) {
        Deadline deadline = queries.getFirst().deadline();
        return Mono.usingWhen(
                admission.place(Lane.BULK, tenant, deadline, Runnable::run),
                _ -> searches.execute(tenant, queries, executor, _ -> {}),
                place -> Mono.fromRunnable(place::close));
    }

    private static Mono<List<Hits>> patient(Mono<List<Hits>> search, Deadline deadline) {
        return search.retryWhen(Retry.from(refusals -> refusals.concatMap(refusal -> later(refusal, deadline))));
    }

    private static Mono<Long> later(Retry.RetrySignal refusal, Deadline deadline) {
        if (refusal.failure() instanceof QuiverException refused && refused.code() == ErrorCode.RESOURCE_EXHAUSTED) {
            Duration wait = Objects.requireNonNullElse(refused.retryAfter(), RETRY_AFTER);
            if (wait.compareTo(deadline.left()) < 0) {
                return Mono.delay(wait);
            }
        }
        return Mono.error(refusal.failure());
    }
}
