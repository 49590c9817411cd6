package io.quiver.compactor;

import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CollectionDebt.SegmentLoad;
import io.quiver.executor.CompactionSource;
import io.quiver.executor.HeldSegment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.IndexParameters;
import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.record.CollectionId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every published segment that is large enough a graph, one after the other, on a thread of its own: a build takes
 * minutes, and deltas must be folded meanwhile. The largest segment comes first; it costs most to scan and is the last to be
 * merged away. A build whose segment has been merged into another is given up.
 *
 * <p>Nothing about graphs is in the manifest: they are made from what it names, at any time again.
 */
final class GraphMaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GraphMaker.class);

    private final CompactorSettings settings;
    private final CompactionSource source;
    private final Catalog catalog;
    private final SegmentStore store;
    private final Pauses pauses;
    private final Thread thread;
    private final Semaphore ticks = new Semaphore(0);
    private final LongAdder built = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failures = new LongAdder();
    /** Segments that got none; for the building thread. Another start tries them again. */
    private final Set<String> refusedSegments = new HashSet<>();

    private volatile CompactionStats.@Nullable Progress running;
    private volatile int waiting;
    private volatile boolean isClosed;

    @SuppressWarnings(
            "ThreadPriorityCheck") // a wish: where the system does not hear it, searches are slower, not wrong
    GraphMaker(CompactorSettings settings, CompactionSource source, Catalog catalog, SegmentStore store) {
        this.settings = settings;
        this.source = source;
        this.catalog = catalog;
        this.store = store;
        this.pauses = new Pauses(settings);
        this.thread = Thread.ofPlatform()
                .name("graph-builder-0")
                .priority(Thread.MIN_PRIORITY)
                .unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** Something may be to do. */
    void tick() {
        ticks.release();
    }

    CompactionStats.Graphs stats() {
        return new CompactionStats.Graphs(running, waiting, built.sum(), refused.sum(), failures.sum());
    }

    // On the building thread.

    private void work() {
        while (!isClosed) {
            try {
                if (!buildNext()) {
                    awaitTick();
                }
            } catch (InterruptedException _) {
                break;
            } catch (Throwable failure) {
                LOG.error("Building of graphs goes on after an accident", failure);
                failures.increment();
            }
        }
    }

    private void awaitTick() throws InterruptedException {
        if (ticks.tryAcquire(settings.lookEvery().toMillis(), TimeUnit.MILLISECONDS)) {
            ticks.drainPermits();
        }
    }

    /** {@code false} where nothing was to be done. */
    private boolean buildNext() {
        List<Wanted> wanted = wanted();
        waiting = wanted.size();
        Optional<Wanted> next = wanted.stream()
                .filter(segment -> pauses.left().isZero() && !pauses.isPaused(segment.collection))
                .max(Comparator.comparingInt(segment -> segment.load.liveCount()));
        next.ifPresent(segment -> build(segment.collection, segment.load.name()));
        return next.isPresent();
    }

    private List<Wanted> wanted() {
        List<Wanted> all = source.debts().stream().flatMap(GraphMaker::segments).toList();
        refusedSegments.retainAll(all.stream().map(wanted -> wanted.load.name()).collect(Collectors.toSet()));
        return all.stream().filter(wanted -> needsGraph(wanted.load)).toList();
    }

    private static Stream<Wanted> segments(CollectionDebt debt) {
        return debt.segments().stream().map(load -> new Wanted(debt.collection(), load));
    }

    private boolean needsGraph(SegmentLoad load) {
        return !load.hasGraph()
                && load.rowCount() >= settings.graphs().rowsMin()
                && !refusedSegments.contains(load.name());
    }

    private void build(CollectionId collection, String segment) {
        ended(collection, segment, tryToBuild(collection, segment));
        running = null;
    }

    private void ended(CollectionId collection, String segment, GraphResult result) {
        switch (result) {
            case GraphResult.Built(var curve) -> {
                LOG.info("Segment {} has a graph: {}", segment, curve);
                built.increment();
                pauses.succeeded(collection);
            }
            case GraphResult.Refused _ -> {
                refused.increment();
                refusedSegments.add(segment);
            }
            case GraphResult.GivenUp _ -> LOG.debug("Segment {} needs no graph any more", segment);
            case GraphResult.Failed(var failure) -> {
                LOG.error("Segment {} of collection {} gets no graph now", segment, collection, failure);
                failures.increment();
                pauses.failed(collection, failure);
            }
        }
    }

    private GraphResult tryToBuild(CollectionId collection, String segment) {
        try {
            Optional<HeldSegment> held = source.hold(collection, segment);
            if (held.isEmpty()) {
                return new GraphResult.GivenUp();
            }
            try (HeldSegment input = held.get()) {
                return build(input);
            }
        } catch (Exception failure) {
            return new GraphResult.Failed(failure);
        }
    }

    /** A segment that was left while its graph was written has lost its files: no failure either. */
    private GraphResult build(HeldSegment held) throws Exception {
        CollectionId id = held.shape().id();
        report(id, 0, held.segment().rowCount());
        try {
            GraphResult result = new GraphBuild(
                            settings.graphs(),
                            store,
                            held,
                            wishes(id),
                            (done, total) -> report(id, done, total),
                            () -> isClosed || !held.isWanted())
                    .run();
            return result instanceof GraphResult.Built ? used(held, result) : result;
        } catch (Exception failure) {
            if (held.isWanted()) {
                throw failure;
            }
            return new GraphResult.GivenUp();
        }
    }

    private void report(CollectionId collection, long nodesDone, long nodesTotal) {
        running = new CompactionStats.Progress(collection, nodesDone, nodesTotal);
    }

    private GraphResult used(HeldSegment held, GraphResult result) {
        held.segment().warm(() -> isClosed);
        return held.segment().hasGraph()
                ? result
                : new GraphResult.Failed(new IllegalStateException("the graph that was written cannot be opened"));
    }

    private Hnsw wishes(CollectionId id) {
        IndexParameters index = catalog.collection(id)
                .blockOptional()
                .orElseThrow()
                .configuration()
                .index();
        return index instanceof Hnsw hnsw ? hnsw : Hnsw.DEFAULT;
    }

    /** Gives up the build under way; blocks until the thread has ended. */
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

    private record Wanted(CollectionId collection, SegmentLoad load) {}
}
