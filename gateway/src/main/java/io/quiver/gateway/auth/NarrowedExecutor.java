package io.quiver.gateway.auth;

import io.quiver.executor.ForwardingExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import java.util.List;
import reactor.core.publisher.Mono;

/** An executor for a caller who sees only the records that a filter accepts. Owns nothing of the executor behind it. */
final class NarrowedExecutor extends ForwardingExecutor {
    private final Filter filter;

    NarrowedExecutor(QueryExecutor executor, Filter filter) {
        super(executor);
        this.filter = filter;
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        return executor.execute(queries.stream().map(this::narrowed).toList());
    }

    private Query narrowed(Query query) {
        Filter both = Filter.and(filter, query.filter());
        return switch (query) {
            case Query.Nearest asked ->
                new Query.Nearest(
                        asked.collection(),
                        asked.embedding(),
                        asked.k(),
                        both,
                        asked.projection(),
                        asked.consistency(),
                        asked.deadline(),
                        asked.effort(),
                        asked.estimateRecall(),
                        asked.explain());
            case Query.Scan asked ->
                new Query.Scan(
                        asked.collection(),
                        asked.skip(),
                        asked.limit(),
                        both,
                        asked.projection(),
                        asked.consistency(),
                        asked.deadline());
            case Query.Search asked ->
                new Query.Search(
                        asked.collection(),
                        asked.rank(),
                        asked.groupBy(),
                        asked.skip(),
                        asked.limit(),
                        both,
                        asked.projection(),
                        asked.consistency(),
                        asked.deadline());
            case Query.Count asked -> new Query.Count(asked.collection(), both, asked.consistency(), asked.deadline());
        };
    }
}
