package io.quiver.executor.watch;

import io.quiver.log.LogEntry;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import reactor.core.publisher.Flux;

/** What a watcher needs of the executor. */
public interface WatchSource {
    /** Runs between two entries, on the applying thread; not at all once the executor is closed. */
    void onApplyingThread(Runnable action);

    /**
     * The collection now, to be closed by the caller. On the applying thread; throws {@link
     * io.quiver.log.record.QuiverException} where the collection is damaged.
     */
    WatchedView view(CollectionId collection);

    /** The entries of the log between two offsets, the first exclusive. */
    Flux<LogEntry> entries(LogOffset after, LogOffset through);
}
