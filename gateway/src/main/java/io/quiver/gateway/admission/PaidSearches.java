package io.quiver.gateway.admission;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * Searches at their price: what they are expected to cost is taken from the tenant before, and when they have ended,
 * however they do, the difference to what they did cost is given back or taken too, before the caller has the answer:
 * the next request sees it.
 *
 * <p>What one costs is the time from its beginning to its end, by the share of a core that it had: of sixteen under way
 * on two cores each has the eighth part of one. That needs nothing of the executor, which may be another process, and
 * is right in the sum over many, which is what a budget is for. Where a tenant has no limit, nothing is measured.
 *
 * <p>Safe on every thread, never waits.
 */
public final class PaidSearches {
    private static final double NANOS_A_UNIT = TimeUnit.MICROSECONDS.toNanos(1);

    private final Admission admission;
    private final Catalog catalog;
    private final LongSupplier nanoClock;
    private final SearchPrices prices = new SearchPrices();

    public PaidSearches(Admission admission, Catalog catalog) {
        this(admission, catalog, System::nanoTime);
    }

    PaidSearches(Admission admission, Catalog catalog, LongSupplier nanoClock) {
        this.admission = admission;
        this.catalog = catalog;
        this.nanoClock = nanoClock;
    }

    /**
     * Asks the executor, or refuses with {@code RESOURCE_EXHAUSTED}.
     *
     * @param queries of one collection; none are answered at once
     * @param shown told what the tenant has left, where it has a limit
     */
    public Mono<List<Hits>> execute(
            String tenant, List<Query> queries, QueryExecutor executor, Consumer<Allowance> shown) {
        if (queries.isEmpty()) {
            return Mono.just(List.of());
        }
        Rate rate = admission.rate(tenant, OperationKind.SEARCH);
        if (!rate.isLimited()) {
            admission.admit(tenant, OperationKind.SEARCH, 0).orThrow();
            return executor.execute(queries);
        }
        return rows(queries.getFirst().collection())
                .flatMap(rows -> paid(tenant, SearchSize.of(queries, rows), rate, shown, executor.execute(queries)));
    }

    /**
     * Takes what a search is expected to cost that goes on until its caller has enough; refuses it as {@link #execute}
     * does.
     */
    public Mono<Void> charge(String tenant, Query query) {
        Rate rate = admission.rate(tenant, OperationKind.SEARCH);
        return rows(query.collection())
                .doOnNext(rows -> admission
                        .admit(tenant, OperationKind.SEARCH, expected(SearchSize.of(List.of(query), rows), rate))
                        .orThrow())
                .then();
    }

    /** Never more than the burst: whether it is true shows only when the work is done. */
    private double expected(SearchSize size, Rate rate) {
        double units = prices.expected(size);
        return rate.isLimited() ? Math.min(rate.burst(), units) : units;
    }

    /** As far as they are in segments; those in deltas are few. */
    private Mono<Long> rows(CollectionId collection) {
        return catalog.manifest(collection)
                .map(manifest -> manifest.segments().stream()
                        .mapToLong(Manifest.Segment::rowCount)
                        .sum());
    }

    private Mono<List<Hits>> paid(
            String tenant, SearchSize size, Rate rate, Consumer<Allowance> shown, Mono<List<Hits>> search) {
        double expected = expected(size, rate);
        Decision decision = admission.admit(tenant, OperationKind.SEARCH, expected);
        if (decision.allowance() != null) {
            shown.accept(decision.allowance());
        }
        decision.orThrow();
        return Mono.using(
                Work::new,
                work -> search.doOnSuccess(_ -> prices.measured(size, work.units())),
                work -> admission.settle(tenant, OperationKind.SEARCH, expected, work.units()));
    }

    /** One search under way, from here on. */
    private final class Work {
        private final long begin = nanoClock.getAsLong();
        private final double shareAtFirst = admission.shareOfEach(Lane.READ);

        double units() {
            double share = (shareAtFirst + admission.shareOfEach(Lane.READ)) / 2;
            return (nanoClock.getAsLong() - begin) * share / NANOS_A_UNIT;
        }
    }
}
