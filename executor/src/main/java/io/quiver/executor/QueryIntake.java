package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Consistency.Pinned.Place;
import io.quiver.executor.query.FilterRules;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import io.quiver.executor.query.SearchStage;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where queries come in: checks a batch against the catalog, waits until the log is applied as far as it asks, and
 * hands it to the search pool. Safe on every thread; keeps none waiting.
 */
final class QueryIntake {
    private final Catalog catalog;
    private final AppliedOffset applied;
    private final LogOffset headAtOpening;
    private final PinnedViews pins;
    private final SearchPool pool;
    private final SearchCounters counters;

    /** @param headAtOpening what strongly consistent queries see at least: the log as the executor found it */
    QueryIntake(
            Catalog catalog,
            AppliedOffset applied,
            LogOffset headAtOpening,
            PinnedViews pins,
            SearchPool pool,
            SearchCounters counters) {
        this.catalog = catalog;
        this.applied = applied;
        this.headAtOpening = headAtOpening;
        this.pins = pins;
        this.pool = pool;
        this.counters = counters;
    }

    /**
     * The collections of a batch.
     *
     * @param tenant whose turn it takes; those that are asked together are mostly one tenant's
     * @param usualEfforts of each
     */
    private record AskedCollections(String tenant, Map<CollectionId, SearchEffort> usualEfforts) {
        static AskedCollections of(List<Collection> collections) {
            Map<CollectionId, SearchEffort> usualEfforts =
                    collections.stream().collect(Collectors.toMap(Collection::id, UsualEffort::of));
            return new AskedCollections(collections.getFirst().tenant(), usualEfforts);
        }
    }

    /** As {@link QueryExecutor#execute(List, IntPredicate)}. */
    Mono<List<Hits>> answer(List<Query> queries, IntPredicate isWithdrawn) {
        if (queries.isEmpty()) {
            return Mono.just(List.of());
        }
        List<Query> batch = List.copyOf(queries);
        return check(batch)
                .flatMap(asked -> reached(batch)
                        .then(pool.submit(
                                asked.tenant,
                                cancellation -> answer(batch, asked.usualEfforts, cancellation, isWithdrawn))))
                .doOnCancel(counters.cancelled::increment);
    }

    private List<Hits> answer(
            List<Query> batch,
            Map<CollectionId, SearchEffort> usualEfforts,
            Cancellation cancellation,
            IntPredicate isWithdrawn) {
        counters.stages.spent(SearchStage.QUEUE, cancellation.queuedNs());
        return new BatchAnswer(pins::view, pool, counters, cancellation, isWithdrawn, usualEfforts, batch.size())
                .to(batch);
    }

    /** Gives the batch's collections: all exist, embeddings have their dimension, filters their indexes. */
    private Mono<AskedCollections> check(List<Query> batch) {
        return Flux.fromStream(batch.stream().map(Query::collection).distinct())
                .concatMap(catalog::collection)
                .doOnNext(collection -> batch.forEach(query -> check(query, collection)))
                .collectList()
                .map(AskedCollections::of);
    }

    private void check(Query query, Collection collection) {
        Dimensions.check(query, collection);
        QueryQuotas.check(query, collection, catalog);
        if (query.collection().equals(collection.id())) {
            FilterRules.check(query.filter(), collection.schema());
        }
    }

    private Mono<Void> reached(List<Query> batch) {
        boolean isReached = batch.stream().allMatch(query -> applied.hasReached(needed(query.consistency())));
        return isReached ? Mono.empty() : awaitReached(batch);
    }

    private Mono<Void> awaitReached(List<Query> batch) {
        return Flux.fromIterable(batch)
                .concatMap(query -> applied.await(needed(query.consistency()), query.deadline()))
                .then();
    }

    private LogOffset needed(Consistency consistency) {
        return switch (consistency) {
            case Consistency.Strong() -> headAtOpening;
            case Consistency.Pinned(long _, var place, var first) ->
                place == Place.FIRST ? needed(first) : LogOffset.NONE;
            case Consistency.AtLeast(var offset) -> offset;
            case Consistency.At(var offset) -> offset;
            case Consistency.IndexOnly() -> LogOffset.NONE;
        };
    }
}
