package io.quiver.compactor;

import io.quiver.executor.CompactionSource;
import io.quiver.executor.FoldInput;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.Log;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Folds one collection after the other, on the thread of whoever asks, and lets the log drop what has been folded. For
 * one thread.
 */
final class Folding {
    private final CompactionSource source;
    private final Log log;
    private final Catalog catalog;
    private final SegmentStore store;
    private final LogRetention retention;
    private final TierPolicy tiers;
    private final Garbage garbage;
    private final Lock oneFold;
    private LogOffset truncatedThrough = LogOffset.NONE;

    /** Told how far a fold is; may throw, to give it up. */
    @FunctionalInterface
    interface Report {
        void written(CollectionId collection, long rows, long rowsTotal);
    }

    /** @param oneFold held from what is held to what is published, for no merge may publish meanwhile */
    Folding(
            CompactionSource source,
            Log log,
            Catalog catalog,
            SegmentStore store,
            LogRetention retention,
            TierPolicy tiers,
            Garbage garbage,
            Lock oneFold) {
        this.source = source;
        this.log = log;
        this.catalog = catalog;
        this.store = store;
        this.retention = retention;
        this.tiers = tiers;
        this.garbage = garbage;
        this.oneFold = oneFold;
    }

    /** @param withSeal everything applied so far is folded, not only the deltas that are full */
    FoldResult fold(CollectionId collection, boolean withSeal, Report report) throws Exception {
        if (withSeal) {
            source.seal(collection).block();
        }
        oneFold.lock();
        try {
            return foldAlone(collection, report);
        } finally {
            oneFold.unlock();
        }
    }

    private FoldResult foldAlone(CollectionId collection, Report report) throws Exception {
        Optional<FoldInput> held = source.hold(collection);
        if (held.isEmpty()) {
            return new FoldResult.Nothing();
        }
        try (FoldInput input = held.get()) {
            FoldPlan plan = FoldPlan.of(input, tiers);
            FoldResult result = new Fold(
                            source,
                            catalog,
                            store,
                            input,
                            plan,
                            rows -> report.written(collection, rows, plan.rowsTotal()))
                    .run();
            if (result instanceof FoldResult.Published published) {
                garbage.collect(input, published.manifest());
            }
            return result;
        }
    }

    /** Lets the log drop what neither the executor nor anybody else needs; returns how far that was allowed, ever. */
    LogOffset truncateLog() {
        LogOffset folded = source.foldedThrough();
        LogOffset droppable = retention.droppableThrough();
        LogOffset through = droppable.isAfter(folded) ? folded : droppable;
        if (through.isAfter(truncatedThrough)) {
            log.truncate(through);
            truncatedThrough = through;
        }
        return truncatedThrough;
    }
}
