package io.quiver.compactor;

import io.quiver.executor.BackgroundThreads;
import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CompactionSource;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.Log;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.record.CollectionId;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The compactor of one process: one thread of low priority that folds one collection at a time, the one that lags most
 * first; another one that builds graphs, so that no fold waits for a graph. What fails is logged, counted and tried
 * again later; nothing ends the threads but {@link #close}, which comes before the executor's.
 */
public final class BackgroundCompactor implements Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundCompactor.class);

    private final CompactorSettings settings;
    private final CompactionSource source;
    private final DuePolicy due;
    private final Pauses pauses;
    private final Folding folding;
    private final BackgroundGraphs graphs;
    private final CompactionCounters counters = new CompactionCounters();
    private final FoldRequests requests;
    private final Semaphore ticks = new Semaphore(0);
    private final Disposable sealed;
    private final Thread thread;
    private volatile boolean isClosed;

    private BackgroundCompactor(
            CompactorSettings settings,
            CompactionSource source,
            Log log,
            Catalog catalog,
            SegmentStore store,
            LogRetention retention) {
        this.settings = settings;
        this.source = source;
        TierPolicy tiers = new TierPolicy(settings);
        this.due = new DuePolicy(settings, tiers);
        this.pauses = new Pauses(settings);
        Garbage garbage = new Garbage(store);
        Lock oneFold = new ReentrantLock();
        this.folding = new Folding(source, log, catalog, store, retention, tiers, garbage, oneFold);
        this.graphs = new BackgroundGraphs(
                settings,
                source,
                catalog,
                store,
                tiers,
                new MergePublication(source, catalog, store, garbage, oneFold));
        this.requests = new FoldRequests(settings.requestsMax(), ticks::release);
        this.sealed = source.sealed().subscribe(collection -> ticks.release());
        this.thread =
                BackgroundThreads.of(Thread.ofPlatform().name("compactor")).newThread(this::work);
    }

    /**
     * Starts one that leaves in the log what others need.
     *
     * @param retention says how much that is
     */
    public static BackgroundCompactor start(
            CompactorSettings settings,
            CompactionSource source,
            Log log,
            Catalog catalog,
            SegmentStore store,
            LogRetention retention) {
        BackgroundCompactor compactor = startFolding(settings, source, log, catalog, store, retention);
        compactor.startGraphs();
        return compactor;
    }

    /**
     * The same without graphs until {@link #startGraphs}: a start has better use for the processor, but a log that is
     * longer than memory can hold has to be folded while it is applied.
     */
    public static BackgroundCompactor startFolding(
            CompactorSettings settings,
            CompactionSource source,
            Log log,
            Catalog catalog,
            SegmentStore store,
            LogRetention retention) {
        BackgroundCompactor compactor = new BackgroundCompactor(settings, source, log, catalog, store, retention);
        compactor.thread.start();
        return compactor;
    }

    /** Called once, before {@link #close}. */
    public void startGraphs() {
        graphs.start();
    }

    @Override
    public Mono<Void> compactNow(CollectionId collection) {
        return requests.ask(collection);
    }

    /**
     * Folds what the next start would have to apply again, where that is at least {@code rowsMin} rows of a collection,
     * most of it first; gives graphs up for it. To be called when writes have ended, before {@link #close}. Blocks for
     * {@code limit} at most: what is not folded by then, or cannot be, stays in the log.
     */
    public void foldBeforeEnd(long rowsMin, Duration limit) {
        graphs.close();
        Flux.fromStream(source.debts().stream()
                        .filter(debt -> debt.unfoldedRows() >= rowsMin)
                        .sorted(Comparator.comparingLong(CollectionDebt::unfoldedRows)
                                .reversed()))
                .concatMap(debt -> compactNow(debt.collection()).onErrorComplete())
                .then()
                .cache() // those who fold are not to find nobody to answer
                .timeout(limit, Mono.empty())
                .block();
    }

    @Override
    public CompactionStats stats() {
        return counters.stats(pauses.left(), graphs.stats());
    }

    // On the compacting thread.

    private void work() {
        while (!isClosed) {
            try {
                if (!foldNext()) {
                    truncateLog();
                    awaitTick();
                }
            } catch (InterruptedException _) {
                break;
            } catch (Throwable failure) {
                LOG.error("Compaction goes on after an accident", failure);
                counters.failed(failure);
            }
        }
        requests.close();
    }

    /** Folds what was asked for, or what is due most; {@code false} where nothing was to be done. */
    private boolean foldNext() {
        FoldRequests.Request request = requests.next();
        if (request != null) {
            FoldResult result = fold(request.collection(), true);
            graphs.mergeSoon(request.collection());
            request.answer(result);
            return true;
        }
        return pauses.left().isZero()
                && worst().filter(debt -> !(fold(debt.collection(), due.needsSeal(debt)) instanceof FoldResult.Nothing))
                        .isPresent();
    }

    private Optional<CollectionDebt> worst() {
        return source.debts().stream()
                .filter(debt -> due.isDue(debt) && !pauses.isPaused(debt.collection()))
                .max(Comparator.comparingInt(CollectionDebt::waitingDeltas).thenComparing(CollectionDebt::unsealedFor));
    }

    private FoldResult fold(CollectionId collection, boolean withSeal) {
        FoldResult result = tryToFold(collection, withSeal);
        counters.ended(result);
        counters.running(null);
        if (result instanceof FoldResult.Failed(var failure)) {
            pauses.failed(collection, failure);
        } else {
            pauses.succeeded(collection);
            truncateLog();
        }
        return result;
    }

    private FoldResult tryToFold(CollectionId collection, boolean withSeal) {
        try {
            FoldResult result = folding.fold(collection, withSeal, this::report);
            if (result instanceof FoldResult.Published) {
                graphs.tick();
            }
            return result;
        } catch (Exception failure) {
            LOG.error("Collection {} cannot be folded now", collection, failure);
            return new FoldResult.Failed(failure);
        }
    }

    private void report(CollectionId collection, long rows, long rowsTotal) {
        if (isClosed) {
            throw FoldRequests.closed();
        }
        counters.running(new CompactionStats.Progress(collection, rows, rowsTotal));
    }

    private void truncateLog() {
        counters.truncated(folding.truncateLog());
    }

    private void awaitTick() throws InterruptedException {
        if (ticks.tryAcquire(settings.lookEvery().toMillis(), TimeUnit.MILLISECONDS)) {
            ticks.drainPermits();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        graphs.close();
        sealed.dispose();
        ticks.release();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
