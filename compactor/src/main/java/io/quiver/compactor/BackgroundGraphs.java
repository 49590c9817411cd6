package io.quiver.compactor;

import io.quiver.executor.BackgroundThreads;
import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CompactionSource;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.record.CollectionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of low priority that gives published segments their graphs and merges those that have one, a build and a
 * merge in turn: neither may wait for ever. Where neither is to be done, it merges what nobody writes to. Each takes
 * minutes, and deltas must be folded meanwhile. What fails is logged, counted and tried again later; nothing ends the
 * thread but {@link #close}.
 */
final class BackgroundGraphs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundGraphs.class);

    private final CompactorSettings settings;
    private final CompactionSource source;
    private final GraphPolicy policy;
    private final RestPolicy rest;
    private final GraphMaker maker;
    private final Pauses pauses;
    private final Pauses restPauses;
    private final Thread thread;
    private final Semaphore ticks = new Semaphore(0);
    private final LongAdder built = new LongAdder();
    private final LongAdder merged = new LongAdder();
    private final LongAdder joined = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile int waiting;
    private volatile int resting;
    private volatile boolean isClosed;

    BackgroundGraphs(
            CompactorSettings settings,
            CompactionSource source,
            Catalog catalog,
            SegmentStore store,
            TierPolicy tiers,
            MergePublication publication) {
        this.settings = settings;
        this.source = source;
        this.policy = new GraphPolicy(settings.graphs(), tiers);
        this.maker = new GraphMaker(settings.graphs(), source, catalog, store, publication, () -> isClosed);
        this.rest = new RestPolicy(settings, policy);
        this.pauses = new Pauses(settings);
        this.restPauses = new Pauses(settings);
        this.thread = BackgroundThreads.of(Thread.ofPlatform().name("graph-builder-0"))
                .newThread(this::work);
    }

    void start() {
        thread.start();
    }

    /** Has the segments of a collection merged to as few as there can be, soon. */
    void mergeSoon(CollectionId collection) {
        rest.ask(collection);
        tick();
    }

    /** Something may be to do. */
    void tick() {
        ticks.release();
    }

    CompactionStats.Graphs stats() {
        return new CompactionStats.Graphs(
                maker.running(),
                waiting,
                resting,
                built.sum(),
                merged.sum(),
                joined.sum(),
                refused.sum(),
                failures.sum());
    }

    // On the building thread.

    private void work() {
        while (!isClosed) {
            try {
                boolean isBusy = run(policy::nextBuild);
                isBusy |= run(policy::nextMerge);
                isBusy = isBusy || run(this::nextAtRest);
                if (!isBusy) {
                    awaitTick();
                }
            } catch (InterruptedException _) {
                break;
            } catch (Throwable failure) {
                LOG.error("Work on graphs goes on after an accident", failure);
                failures.increment();
            }
        }
    }

    private void awaitTick() throws InterruptedException {
        if (ticks.tryAcquire(settings.lookEvery().toMillis(), TimeUnit.MILLISECONDS)) {
            ticks.drainPermits();
        }
    }

    /** How a task is chosen. */
    @FunctionalInterface
    private interface Choice {
        Optional<GraphTask> next(List<CollectionDebt> debts, Predicate<CollectionId> isPaused);
    }

    /** {@code false} where nothing was to be done. */
    private boolean run(Choice choice) {
        List<CollectionDebt> debts = source.debts();
        policy.retain(debts);
        waiting = policy.waiting(debts);
        rest.retain(debts);
        resting = rest.waiting(debts, this::isRestPaused);
        Optional<GraphTask> task = choice.next(debts, this::isPaused);
        task.ifPresent(next -> ended(next, maker.run(next)));
        return task.isPresent();
    }

    private Optional<GraphTask> nextAtRest(List<CollectionDebt> debts, Predicate<CollectionId> isPaused) {
        return rest.next(debts, isPaused.or(this::isRestPaused));
    }

    private boolean isRestPaused(CollectionId collection) {
        return restPauses.isPaused(collection);
    }

    private boolean isPaused(CollectionId collection) {
        return isClosed || !pauses.left().isZero() || pauses.isPaused(collection);
    }

    private void ended(GraphTask task, GraphResult result) {
        if (task instanceof GraphTask.Merge merge && !isDue(task)) {
            endedAtRest(merge, result);
        }
        switch (result) {
            case GraphResult.Built(var curve, boolean isJoined) -> {
                LOG.info("{} has been done{}: {}", task, isJoined ? " by joining" : "", curve);
                built.increment();
                joined.add(isJoined ? 1 : 0);
                succeeded(task);
            }
            case GraphResult.Unneeded _ -> succeeded(task);
            case GraphResult.Refused _ -> {
                refused.increment();
                if (isDue(task)) {
                    policy.refuse(task);
                }
            }
            case GraphResult.Worse(var curve, double before) -> {
                LOG.info("{} is left, for its best recall is less than {}: {}", task, before, curve);
                refused.increment();
            }
            case GraphResult.GivenUp _ -> LOG.debug("{} is not needed any more", task);
            case GraphResult.Failed(var failure) -> {
                LOG.error("{} cannot be done now", task, failure);
                failures.increment();
                pauses.failed(task.collection(), failure);
            }
        }
    }

    private static boolean isDue(GraphTask task) {
        return !(task instanceof GraphTask.Merge merge) || merge.occasion() == GraphTask.Occasion.DUE;
    }

    private void endedAtRest(GraphTask.Merge merge, GraphResult result) {
        rest.ended(merge.collection());
        switch (result) {
            case GraphResult.GivenUp _ -> restPauses.givenUp(merge.collection());
            case GraphResult.Built _, GraphResult.Unneeded _ -> restPauses.succeeded(merge.collection());
            case GraphResult.Refused _, GraphResult.Worse _ -> rest.refuse(merge);
            case GraphResult.Failed _ -> {}
        }
    }

    private void succeeded(GraphTask task) {
        pauses.succeeded(task.collection());
        if (task instanceof GraphTask.Merge) {
            merged.increment();
        }
    }

    /** Gives up the work under way; blocks until the thread has ended. */
    @Override
    public void close() {
        isClosed = true;
        ticks.release();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
