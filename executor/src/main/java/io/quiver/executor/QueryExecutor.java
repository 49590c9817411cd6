package io.quiver.executor;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.Readers;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Answers all reads.
 *
 * <p>Safe on every thread and never blocking: searches run on the executor's own pool, one platform thread a core.
 */
public interface QueryExecutor extends Readers, AutoCloseable {
    /**
     * Answers a batch, in its order. Queries of one batch about one collection see one view. Completes on a search
     * thread; cancelling stops the work within about a thousand distances. A deadline that passes gives what was found,
     * marked {@link Hits#partial}; an unknown collection fails the batch with {@code NOT_FOUND}.
     */
    Mono<List<Hits>> execute(List<Query> queries);

    @Override
    void close();
}
