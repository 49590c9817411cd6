package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.Readers;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import reactor.core.publisher.Mono;

/**
 * Answers all reads.
 *
 * <p>Safe on every thread and never blocking: searches run on the executor's own pool, one platform thread a core.
 */
public interface QueryExecutor extends Readers, AutoCloseable {
    Duration COUNT_TIME_MAX = Duration.ofSeconds(10);

    /**
     * Answers a batch, in its order. Queries of one batch about one collection see one view. Completes on a search
     * thread; cancelling stops the work within about a thousand distances. A deadline that passes gives what was found,
     * marked {@link Hits#partial}; an unknown collection fails the batch with {@code NOT_FOUND}.
     */
    Mono<List<Hits>> execute(List<Query> queries);

    /**
     * The same for several callers at once, any of whom may go away alone: work is spared for a query that {@code
     * isWithdrawn} says so of, by its place in the batch, and its hits mean nothing then.
     *
     * @param isWithdrawn safe on every thread, asked often
     */
    default Mono<List<Hits>> execute(List<Query> queries, IntPredicate isWithdrawn) {
        return execute(queries);
    }

    @Override
    default Mono<Long> countKnown(CollectionId collection, Set<String> ids) {
        Query count =
                new Query.Count(collection, new Filter.Ids(ids), Consistency.STRONG, Deadline.after(COUNT_TIME_MAX));
        return execute(List.of(count)).map(List::getFirst).flatMap(QueryExecutor::counted);
    }

    private static Mono<Long> counted(Hits hits) {
        return hits.partial()
                ? Mono.error(new QuiverException(ErrorCode.UNAVAILABLE, "The records could not be counted in time"))
                : Mono.just(hits.total());
    }

    @Override
    void close();
}
