package io.quiver.log;

import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscriber of the log with a thread of its own, on which all its signals come: it may take its time there and
 * delays nobody else. What is no longer in memory is read from the files.
 */
final class Follower implements Subscription, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** What a follower reads from. */
    interface Source {
        /** Offset of the newest durable entry. */
        long headValue();

        /** An offset, or the first one after the damaged entries that it is one of. */
        long readableFrom(long offset);

        /** An entry if it is in memory. */
        @Nullable LogEntry recent(long offset);

        LogCursor cursor();

        /** No more entries will come. */
        boolean isClosed();

        /** The follower has ended. */
        void ended(Follower follower);
    }

    private final Source source;
    private final CoreSubscriber<? super LogEntry> subscriber;
    private final long through;
    private final AtomicLong requested = new AtomicLong();
    private long next;
    private volatile boolean isCancelled;
    private volatile boolean isBadRequest;
    private volatile @Nullable Thread waiting;

    /** Follows after an offset, up to and including {@code through}. */
    Follower(Source source, CoreSubscriber<? super LogEntry> subscriber, LogOffset after, long through) {
        this.source = source;
        this.subscriber = subscriber;
        this.next = source.readableFrom(after.value() + 1);
        this.through = through;
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            isBadRequest = true;
        } else {
            requested.accumulateAndGet(count, Operators::addCap);
        }
        wake();
    }

    @Override
    public void cancel() {
        isCancelled = true;
        wake();
    }

    /** Something may have changed. */
    void wake() {
        Thread sleeper = waiting;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    @Override
    public void run() {
        try (LogCursor cursor = source.cursor()) {
            deliver(cursor);
            finish(null);
        } catch (Throwable e) {
            finish(e);
        } finally {
            source.ended(this);
        }
    }

    private void deliver(LogCursor cursor) throws IOException {
        while (next <= through && awaitNext()) {
            LogEntry entry = source.recent(next);
            entry = entry == null ? cursor.read(next) : entry;
            next = source.readableFrom(next + 1);
            if (requested.get() != Long.MAX_VALUE) {
                requested.decrementAndGet();
            }
            subscriber.onNext(entry);
        }
    }

    /** Waits until there is an entry and demand for it; {@code false} when the following ends. */
    private boolean awaitNext() {
        waiting = Thread.currentThread();
        while (!isReady() && !isOver()) {
            LockSupport.park(this);
        }
        waiting = null;
        return !isCancelled && isReady();
    }

    private boolean isReady() {
        return requested.get() > 0 && next <= source.headValue();
    }

    private boolean isOver() {
        return isCancelled || isBadRequest || (source.isClosed() && next > source.headValue());
    }

    private void finish(@Nullable Throwable failure) {
        if (isCancelled) {
            if (failure != null) {
                LOG.debug("A cancelled follower of the log failed", failure);
            }
        } else if (isBadRequest) {
            subscriber.onError(new IllegalArgumentException("a follower must request more than nothing (rule 3.9)"));
        } else if (failure != null) {
            subscriber.onError(failure);
        } else {
            subscriber.onComplete();
        }
    }
}
