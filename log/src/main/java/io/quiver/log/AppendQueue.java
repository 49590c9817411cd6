package io.quiver.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Batches that wait for the disk, first come first served, bounded in bytes and number; what is being written counts
 * until {@link #release}. Any thread may offer and never waits; one thread takes.
 */
final class AppendQueue {
    private final Queue<PendingAppend> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();
    private final long bytesMax;
    private final int countMax;
    private final LongSupplier clock;
    private volatile boolean isClosed;
    private volatile boolean isNudged;
    private volatile @Nullable Thread waiting;

    /** @param clock nanoseconds, as of {@link System#nanoTime} */
    AppendQueue(long bytesMax, int countMax, LongSupplier clock) {
        this.bytesMax = bytesMax;
        this.countMax = countMax;
        this.clock = clock;
    }

    /** Whether there is room for {@code more} bytes now; an empty queue takes a batch of any size. */
    boolean hasRoom(long more) {
        long queued = bytes.get();
        return count.get() < countMax && (queued == 0 || queued + more <= bytesMax);
    }

    /** Takes a batch if there is room for it. */
    boolean offer(PendingAppend append) {
        if (!reserve(append.entryBytes())) {
            return false;
        }
        queue.add(append);
        wake();
        return true;
    }

    private boolean reserve(long more) {
        if (count.incrementAndGet() > countMax) {
            count.decrementAndGet();
            return false;
        }
        long before = bytes.getAndAdd(more);
        if (before != 0 && before + more > bytesMax) {
            bytes.addAndGet(-more);
            count.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Waits for a batch, or a {@link #nudge}; {@code false} once the queue is closed and empty. */
    boolean await() {
        waiting = Thread.currentThread();
        while (queue.isEmpty() && !isClosed && !isNudged) {
            LockSupport.park(this);
        }
        waiting = null;
        boolean wasNudged = isNudged;
        isNudged = false;
        return wasNudged || !queue.isEmpty();
    }

    /** Lets {@link #await} return once although nothing may wait. */
    void nudge() {
        isNudged = true;
        wake();
    }

    /** Waits this long; {@code false} as soon as there is a batch, or the queue is closed. */
    boolean isIdleFor(long nanos) {
        waiting = Thread.currentThread();
        long end = clock.getAsLong() + nanos;
        for (long left = nanos; left > 0 && queue.isEmpty() && !isClosed; left = end - clock.getAsLong()) {
            LockSupport.parkNanos(this, left);
        }
        waiting = null;
        return queue.isEmpty() && !isClosed;
    }

    /** Takes batches up to {@code bytesMax} together, but at least one where there is any. */
    List<PendingAppend> takeGroup(long groupBytesMax) {
        List<PendingAppend> group = new ArrayList<>();
        long groupBytes = 0;
        for (PendingAppend next = queue.peek(); next != null; next = queue.peek()) {
            groupBytes += next.entryBytes();
            if (!group.isEmpty() && groupBytes > groupBytesMax) {
                break;
            }
            group.add(queue.remove());
        }
        return group;
    }

    /** Takes whatever is left. */
    @Nullable PendingAppend poll() {
        return queue.poll();
    }

    /** Gives back the room of batches that were taken. */
    void release(List<PendingAppend> taken) {
        bytes.addAndGet(-GroupWriter.bodyBytes(taken));
        count.addAndGet(-taken.size());
    }

    /** Lets {@link #await} end when the queue has become empty. */
    void close() {
        isClosed = true;
        wake();
    }

    private void wake() {
        Thread sleeper = waiting;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }
}
