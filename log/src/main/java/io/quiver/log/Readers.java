package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.Set;
import reactor.core.publisher.Mono;

/** What a write asks of those who read the log: is there room for more, and when can everyone see it. */
public interface Readers {
    /**
     * Completes when every query that begins afterwards sees the entry; fails with {@code UNAVAILABLE} when the readers
     * cannot say so in time.
     */
    Mono<Void> awaitApplied(CollectionId collection, LogOffset offset);

    /**
     * Completes when {@code bytes} more may be written to the collection, a little later when compaction lags; fails
     * with {@code BACKOFF} when it lags too far, with {@code UNAVAILABLE} when memory would not suffice.
     */
    Mono<Void> admitWrite(CollectionId collection, long bytes);

    /** How many of the ids are those of records that exist now. */
    Mono<Long> countKnown(CollectionId collection, Set<String> ids);
}
