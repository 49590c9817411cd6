package io.quiver.flight.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quiver.flight.StreamGate;
import io.quiver.log.Log;
import io.quiver.log.LogEntry;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * One {@code DoGet} of changes: the operations of one collection out of the log, in its order, while the caller takes
 * them. Each batch ends with a whole entry of the log, whose offset is where a caller goes on later.
 *
 * <p>Entries come on a thread of the log's follower and wait for the serving thread, {@link #ENTRIES_AHEAD} at most.
 */
final class ChangeFeed {
    /** Field of a ticket that asks for changes. */
    static final String AFTER = "changes_after";

    static final int ENTRIES_AHEAD = 8;
    /** A caller learns how far its feed has come after so many entries that are not for it. */
    private static final long SILENCE_MAX = 10_000;

    private final CollectionId collection;
    private final StreamGate gate;
    private final ChangeColumns columns;
    private final LogOffset through;
    private final Queue<LogEntry> waiting = new ArrayDeque<>();
    private long seen;
    private long told;
    private boolean isOver;
    private @Nullable Throwable failure;

    ChangeFeed(CollectionId collection, StreamGate gate, ChangeColumns columns, LogOffset after, LogOffset through) {
        this.collection = collection;
        this.gate = gate;
        this.columns = columns;
        this.through = through;
        this.seen = after.value();
        this.told = seen;
    }

    /** Sends entries until the last, or until the caller has gone or the server stops. */
    void run(Log log, BatchStream batches) {
        Entries entries = new Entries();
        log.follow(new LogOffset(seen)).subscribe(entries);
        try {
            while (seen < through.value()) {
                gate.await(this::hasNews);
                send(batches, entries);
                throwFailure();
                if (isOver()) {
                    requireRunning();
                    break;
                }
            }
            tell(batches);
        } finally {
            entries.cancel();
        }
    }

    /** Ends the feed, after what waits, with a refusal. */
    void end(QuiverException reason) {
        end((Throwable) reason);
    }

    private void send(BatchStream batches, Entries entries) {
        LogEntry next = poll();
        while (next != null && seen < through.value()) {
            seen = next.offset().value();
            add(next);
            if (columns.sizeBytes() >= BatchStream.BATCH_BYTES) {
                tell(batches);
            }
            entries.request(1);
            next = poll();
        }
        if (columns.count() > 0 || seen - told >= SILENCE_MAX) {
            tell(batches);
        }
    }

    private void add(LogEntry entry) {
        if (entry.collection().equals(collection)) {
            for (Operation operation : entry.operations()) {
                columns.add(entry, operation);
            }
        }
    }

    private void tell(BatchStream batches) {
        batches.send(Command.write(JsonNodeFactory.instance.objectNode().put("offset", seen)));
        told = seen;
    }

    private synchronized @Nullable LogEntry poll() {
        return waiting.poll();
    }

    private synchronized boolean hasNews() {
        return !waiting.isEmpty() || isOver();
    }

    private synchronized boolean isOver() {
        return isOver || gate.isStopping();
    }

    private void end(@Nullable Throwable reason) {
        synchronized (this) {
            isOver = true;
            failure = reason;
        }
        gate.changed();
    }

    private synchronized void throwFailure() {
        if (failure != null && waiting.isEmpty()) {
            throw failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
        }
    }

    private void requireRunning() {
        if (gate.isStopping()) {
            throw new QuiverException(ErrorCode.UNAVAILABLE, "the server stops");
        }
    }

    private final class Entries extends BaseSubscriber<LogEntry> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(ENTRIES_AHEAD);
        }

        @Override
        protected void hookOnNext(LogEntry entry) {
            synchronized (ChangeFeed.this) {
                waiting.add(entry);
            }
            gate.changed();
        }

        @Override
        protected void hookOnComplete() {
            end((Throwable) null);
        }

        @Override
        protected void hookOnError(Throwable reason) {
            end(reason);
        }
    }
}
