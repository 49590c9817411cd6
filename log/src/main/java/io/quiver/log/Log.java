package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The durable, ordered operations of all collections: the only place where a write is true.
 *
 * <p>Safe on every thread; nothing here blocks the caller except {@link #close}.
 */
public interface Log extends AutoCloseable {
    /**
     * Appends one atomic batch of checked operations. Completes once it is durable, on the log's own thread; fails with
     * {@link io.quiver.log.record.ErrorCode#BACKOFF} when the queue is full, {@code STORAGE_FULL} or
     * {@code UNAVAILABLE} when the disk refuses. A failed append may or may not be found after a restart; a completed
     * one always is.
     */
    Mono<LogOffset> append(CollectionId collection, List<Operation> operations);

    /**
     * As {@link #append(CollectionId, List)}, if the condition holds at the very place in the log that the entry gets;
     * fails with {@code WRITE_CONFLICT} where it does not, otherwise as {@link #requireUnchanged}.
     */
    Mono<LogOffset> append(CollectionId collection, List<Operation> operations, Unchanged condition);

    /**
     * Completes where the condition holds for everything that was durable when this was subscribed to; fails with
     * {@code WRITE_CONFLICT} where it does not, with {@code STALE_READ} where the log cannot tell any more. May work
     * for as long as it takes to read what the log has since.
     */
    Mono<Void> requireUnchanged(CollectionId collection, Unchanged condition);

    /**
     * All durable entries after an offset, in order, then those to come, until cancelled. Honours demand: a follower
     * that lags reads from the files.
     */
    Flux<LogEntry> follow(LogOffset after);

    /** The durable entries between two offsets ({@code after} exclusive, {@code through} inclusive), in order. */
    Flux<LogEntry> read(LogOffset after, LogOffset through);

    /** Offset of the newest durable entry. */
    LogOffset head();

    /** Offset of the newest durable entry of one collection, {@link LogOffset#NONE} where none is retained. */
    LogOffset head(CollectionId collection);

    /** What was found damaged when the log was opened: no follower and no reader gets these entries. */
    List<LogGap> gaps();

    /** Everything up to here has been dropped by {@link #truncate}. */
    LogOffset truncatedThrough();

    /** Allows the log to drop entries up to and including {@code through}; it does so by whole files. */
    void truncate(LogOffset through);

    @Override
    void close();
}
