package io.quiver.executor;

import io.quiver.executor.filter.FilterMatcher;
import io.quiver.executor.query.FilterRules;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.StageListener;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.executor.watch.WatchEvent;
import io.quiver.executor.watch.Watcher;
import io.quiver.executor.watch.Watches;
import io.quiver.log.Log;
import io.quiver.log.LogEntry;
import io.quiver.log.Usages;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.CatalogEvent;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers all reads of one process: applies the log to its collections and searches them.
 *
 * <p><b>Threads.</b> One applying thread changes collections; a fixed pool searches them; one thread loads graphs, and
 * one asks some queries again; callers wait on none of them. <b>Memory.</b> Segments count against the {@link
 * OffHeapBudget}. Owns its threads and open segments; log, catalog and store belong to whoever opened them, and are
 * closed after it.
 */
public final class LocalExecutor implements QueryExecutor, CompactionSource, CollectionForks, Watches, Usages {
    private final ExecutorSettings settings;
    private final Log log;
    private final Catalog catalog;
    private final Applier applier;
    private final AppliedOffset applied;
    private final SegmentWarmer warmer = new SegmentWarmer();
    private final LiveCollections collections;
    private final CollectionChanges changes;
    private final PinnedViews pins;
    private final SearchPool pool;
    private final ShadowSearches shadows;
    private final SearchCounters counters;
    private final QueryIntake intake;
    private final WriteAdmission admission;
    private final Forks forks;
    private final Watcher watcher;
    private final LogOffset headAtOpening;
    private final Disposable catalogEvents;

    private LocalExecutor(
            ExecutorSettings settings,
            Log log,
            Catalog catalog,
            SegmentStore store,
            OffHeapBudget budget,
            StageListener stages) {
        this.settings = settings;
        this.shadows = new ShadowSearches(settings.recallSampleEvery(), System::nanoTime);
        this.counters = new SearchCounters(stages, shadows);
        this.log = log;
        this.headAtOpening = log.head();
        this.catalog = catalog;
        this.applier = new Applier(settings.apply().entriesAhead());
        this.applied = new AppliedOffset(settings.apply().waitersMax());
        History history = new History(settings.history(), budget);
        this.collections = new LiveCollections(history);
        this.changes = new CollectionChanges(collections, history, settings, catalog, store, budget, applier, warmer);
        this.pins = new PinnedViews(collections::view);
        this.pool = new SearchPool(settings.searchThreads(), settings.searchQueueMax());
        this.intake = new QueryIntake(catalog, applied, headAtOpening, pins, pool, counters);
        this.admission = new WriteAdmission(settings.deltas(), budget);
        this.forks = new Forks(catalog, store, collections, changes, applier);
        this.watcher = new Watcher(new LiveWatching(log, applier, collections, pool, counters), budget);
        this.catalogEvents = catalog.events()
                .ofType(CatalogEvent.Dropped.class)
                .subscribe(dropped -> applier.execute(() -> drop(dropped.collection())));
    }

    /**
     * Opens every collection of the catalog and begins to follow the log. Blocks while segments are opened, not until
     * the log has been applied: see {@link #caughtUp}. A damaged collection answers {@code UNAVAILABLE}, the others
     * answer.
     */
    public static LocalExecutor open(
            ExecutorSettings settings, Log log, Catalog catalog, SegmentStore store, OffHeapBudget budget) {
        return open(settings, log, catalog, store, budget, StageListener.NONE);
    }

    /** The same, with {@code stages} told how long searches take. */
    public static LocalExecutor open(
            ExecutorSettings settings,
            Log log,
            Catalog catalog,
            SegmentStore store,
            OffHeapBudget budget,
            StageListener stages) {
        LocalExecutor executor = new LocalExecutor(settings, log, catalog, store, budget, stages);
        try {
            executor.applier.run(executor::start).block();
            executor.caughtUp()
                    .onErrorComplete()
                    .doFinally(_ -> executor.warmer.begin())
                    .subscribe();
            return executor;
        } catch (RuntimeException failure) {
            executor.close();
            throw failure;
        }
    }

    private void start() {
        changes.open(headAtOpening, log.gaps());
        applied.advance(changes.firstNeeded(log));
        applier.follow(log, applied::value, this::apply);
    }

    private void apply(LogEntry entry) {
        changes.apply(entry);
        applied.advance(entry.offset());
        watcher.applied(entry);
    }

    private void drop(CollectionId id) {
        shadows.giveUp(id);
        changes.drop(id);
        watcher.gone(id, QuiverException.notFound("Collection [%s] does not exist".formatted(id)));
    }

    /** Completes when everything that was in the log at opening has been applied. */
    public Mono<Void> caughtUp() {
        return applied.await(headAtOpening);
    }

    /** Collections that answer {@code UNAVAILABLE}, with the reason. */
    public Map<CollectionId, String> damaged() {
        Map<CollectionId, String> reasons = new HashMap<>();
        collections.damaged().forEach((id, damage) -> reasons.put(id, damage.reason()));
        return reasons;
    }

    /** Offset of the newest entry of the collection that has been applied. */
    public LogOffset applied(CollectionId id) {
        return collections.offset(id);
    }

    @Override
    public Usage of(CollectionId id) {
        LiveCollection collection = collections.find(id);
        return collection == null ? Usage.NOTHING : Figures.usage(collection.snapshot());
    }

    public ExecutorStats stats() {
        return new ExecutorStats(
                applied.value(),
                collections.all().stream().map(LiveCollection::stats).toList(),
                pool.threadCount(),
                pool.busyCount(),
                pool.queueLength(),
                applied.waiterCount(),
                counters.queries.sum(),
                counters.distances.sum(),
                counters.estimates.sum(),
                counters.partial.sum(),
                counters.cancelled.sum(),
                counters.plans(),
                counters.expectedRecall(),
                shadows.recall().orElseGet(counters::expectedRecall),
                shadows.sampleCount(),
                pins.count());
    }

    // ---- reading ----

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        return execute(queries, _ -> false);
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries, IntPredicate isWithdrawn) {
        return intake.answer(queries, isWithdrawn);
    }

    @Override
    public Flux<WatchEvent> watch(StandingQuery query) {
        return catalog.collection(query.collection())
                .doOnNext(collection -> check(query, collection))
                .doOnNext(collection -> QueryQuotas.check(query.k(), collection, catalog))
                .doOnError(catalog.quotaRefusals()::count)
                .flatMapMany(_ -> watcher.watch(query));
    }

    /** Standing queries now. */
    public int watchCount() {
        return watcher.watchCount();
    }

    private static void check(StandingQuery query, Collection collection) {
        Dimensions.check(query.embedding(), collection.dimension());
        FilterRules.check(query.filter(), collection.schema());
        FilterMatcher.compile(query.filter());
    }

    // ---- writing ----

    @Override
    public Mono<Void> awaitApplied(CollectionId collection, LogOffset offset) {
        return applied.await(offset, settings.apply().waitMax())
                .then(Mono.fromRunnable(() -> collections.requireSound(collection)));
    }

    @Override
    public Mono<Void> admitWrite(CollectionId id, long bytes) {
        return Mono.defer(() -> {
            collections.requireSound(id);
            LiveCollection collection = collections.find(id);
            return admission.admit(collection == null ? 0 : collection.waitingDeltas(), bytes);
        });
    }

    @Override
    public Mono<Collection> fork(CollectionId source, String newName) {
        return forks.fork(source, newName);
    }

    // ---- compaction ----

    @Override
    public List<CollectionDebt> debts() {
        return collections.all().stream().map(LiveCollection::debt).toList();
    }

    @Override
    public Flux<CollectionId> sealed() {
        return changes.sealed();
    }

    @Override
    public Mono<Void> seal(CollectionId id) {
        return applier.run(() -> changes.seal(id));
    }

    @Override
    public Optional<FoldInput> hold(CollectionId id) {
        return collections.hold(id);
    }

    @Override
    public Mono<Void> adopt(FoldInput folded, Manifest published, List<Segment> opened) {
        return applier.run(() -> changes.adopt(folded, published, opened));
    }

    @Override
    public Mono<Void> stop(CollectionId id, String reason) {
        return applier.run(() -> changes.stop(id, reason));
    }

    @Override
    public Optional<FoldInput> holdPublished(CollectionId id) {
        return collections.holdPublished(id);
    }

    @Override
    public Optional<HeldSegments> hold(CollectionId id, Set<String> segments) {
        return collections.hold(id, segments);
    }

    @Override
    public long answeredQueries() {
        return counters.queries.sum();
    }

    @Override
    public LogOffset foldedThrough() {
        return collections.foldedThrough(applied.value());
    }

    @Override
    public void close() {
        forks.close();
        catalogEvents.dispose();
        applier.close();
        watcher.close();
        shadows.close();
        pool.close();
        pins.close();
        warmer.close();
        changes.close();
    }
}
