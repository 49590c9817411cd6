package io.quiver.executor;

import io.quiver.executor.watch.WatchSource;
import io.quiver.executor.watch.WatchedView;
import io.quiver.log.Log;
import io.quiver.log.LogEntry;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.List;
import reactor.core.publisher.Flux;

/** The executor's collections as standing queries see them. */
final class LiveWatching implements WatchSource {
    private final Log log;
    private final Applier applier;
    private final LiveCollections collections;
    private final SearchPool pool;
    private final SearchCounters counters;

    LiveWatching(Log log, Applier applier, LiveCollections collections, SearchPool pool, SearchCounters counters) {
        this.log = log;
        this.applier = applier;
        this.collections = collections;
        this.pool = pool;
        this.counters = counters;
    }

    @Override
    public void onApplyingThread(Runnable action) {
        applier.execute(action);
    }

    @Override
    public WatchedView view(CollectionId id) {
        collections.requireSound(id);
        LiveCollection collection = collections.find(id);
        if (collection == null) {
            Snapshot nothing = Snapshot.opened(SegmentList.of(Manifest.EMPTY, List.of()));
            return new HeldView(null, nothing, collections.unfilledAt(id), pool, counters, () -> {});
        }
        Snapshot held = collection.hold();
        return new HeldView(collection.shape(), held, held.offset(), pool, counters, () -> collection.letGo(held));
    }

    @Override
    public Flux<LogEntry> entries(LogOffset after, LogOffset through) {
        return log.read(after, through);
    }
}
