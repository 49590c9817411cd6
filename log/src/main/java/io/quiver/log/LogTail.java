package io.quiver.log;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The durable end of the log, and those who follow it. The writing thread adds to it; everything else is safe on every
 * thread.
 */
final class LogTail implements Follower.Source {
    /** More than this is not what a server does with its own log. */
    private static final int FOLLOWERS_MAX = 256;

    private final LogFiles files;
    private final List<LogGap> gaps;
    private final RecentEntries recent;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final ThreadFactory threads =
            Thread.ofPlatform().daemon().name("log-follower-", 0).factory();
    private volatile LogOffset head;
    private volatile boolean isClosed;

    LogTail(LogFiles files, List<LogGap> gaps, LogOffset head, long recentBytes) {
        this.files = files;
        this.gaps = gaps;
        this.head = head;
        this.recent = new RecentEntries(recentBytes);
    }

    LogOffset head() {
        return head;
    }

    /** Adds a durable entry, which nobody sees before {@link #publish}. */
    void add(LogEntry entry, long sizeBytes) {
        recent.add(entry, sizeBytes);
    }

    void publish(LogOffset newHead) {
        head = newHead;
        followers.forEach(Follower::wake);
    }

    /** Entries after an offset, as far as what {@code through} gives when it is subscribed to. */
    Flux<LogEntry> entries(LogOffset after, LongSupplier through) {
        return Flux.from(subscriber -> follow(Operators.toCoreSubscriber(subscriber), after, through.getAsLong()));
    }

    private void follow(CoreSubscriber<? super LogEntry> subscriber, LogOffset after, long through) {
        if (followers.size() >= FOLLOWERS_MAX) {
            Operators.error(
                    subscriber,
                    new QuiverException(
                            ErrorCode.RESOURCE_EXHAUSTED, "the log has %d followers".formatted(FOLLOWERS_MAX)));
            return;
        }
        LogOffset retained = files.truncatedThrough();
        Follower follower = new Follower(this, subscriber, after.isAfter(retained) ? after : retained, through);
        followers.add(follower);
        subscriber.onSubscribe(follower);
        threads.newThread(follower).start();
    }

    /** Nothing is added any more: followers end when they have read all. */
    void close() {
        isClosed = true;
        followers.forEach(Follower::wake);
    }

    @Override
    public long headValue() {
        return head.value();
    }

    @Override
    public long readableFrom(long offset) {
        long from = offset;
        for (LogGap gap : gaps) {
            if (gap.first().value() <= from && from <= gap.last().value()) {
                from = gap.last().value() + 1;
            }
        }
        return from;
    }

    @Override
    public @Nullable LogEntry recent(long offset) {
        return recent.get(offset);
    }

    @Override
    public LogCursor cursor() {
        return new LogCursor(files);
    }

    @Override
    public boolean isClosed() {
        return isClosed;
    }

    @Override
    public void ended(Follower follower) {
        followers.remove(follower);
    }
}
