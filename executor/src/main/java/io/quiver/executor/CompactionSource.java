package io.quiver.executor;

import io.quiver.executor.segment.Segment;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a compactor sees of an executor and asks of it. Safe on every thread and never blocking; what is called
 * {@code Mono} completes on the applying thread, between two log entries.
 */
public interface CompactionSource {
    /** What lies unfolded, for every collection that can be compacted. */
    List<CollectionDebt> debts();

    /** Ticks when a delta has been sealed; a tick may stand for several. */
    Flux<CollectionId> sealed();

    /** Seals the growing delta, so that everything applied so far can be folded. */
    Mono<Void> seal(CollectionId collection);

    /** Holds what can be folded now, until the caller closes it; empty where the collection is gone or unavailable. */
    Optional<FoldInput> hold(CollectionId collection);

    /**
     * Goes over to a published manifest. Takes the {@code opened} segments, those that {@code folded} did not have,
     * from the caller in any case; segments that are no longer named go, with their files, when their last view has
     * gone.
     */
    Mono<Void> adopt(FoldInput folded, Manifest published, List<Segment> opened);

    /**
     * Answers nothing about a collection from now on but that it is damaged, and why: its files are not what was
     * written. Queries under way go on.
     */
    Mono<Void> stop(CollectionId collection, String reason);

    /** As {@link #hold(CollectionId)}, but what is published and nothing else: what replaces it moves no offset. */
    Optional<FoldInput> holdPublished(CollectionId collection);

    /**
     * Holds published segments, until the caller closes it; empty where the collection has not all of them any more.
     */
    Optional<HeldSegments> hold(CollectionId collection, Set<String> segments);

    /** Queries answered since the start: while this grows, somebody searches. */
    long answeredQueries();

    /** Every operation up to here is in published segments or needed by no collection: the log may drop it. */
    LogOffset foldedThrough();
}
