package io.quiver.executor.segment;

import java.util.concurrent.atomic.AtomicInteger;

/** How many hold a segment: its maker from the start, and each reader between retaining and releasing it. */
final class Shares {
    private final AtomicInteger count = new AtomicInteger(1);

    /** Takes a share, unless the last one was given back. */
    boolean retain() {
        int shares = count.get();
        while (shares > 0) {
            if (count.compareAndSet(shares, shares + 1)) {
                return true;
            }
            shares = count.get();
        }
        return false;
    }

    /** Gives a share back; {@code true} for the last one, whose giver frees what was shared. */
    boolean release() {
        int left = count.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("a segment was released more often than it was retained");
        }
        return left == 0;
    }
}
