package io.quiver.executor;

/**
 * Leaves work that nobody waits for a hundredth of the time: when it has taken a while, it rests for ninety-nine times
 * as long. Times are of {@link System#nanoTime}. Written by one thread at a time, asked by any.
 */
final class SparePace {
    private static final int REST = 99;

    private volatile long restedAt;

    SparePace(long now) {
        this.restedAt = now;
    }

    boolean mayBegin(long now) {
        return now - restedAt >= 0;
    }

    /** Work has been done for this while. */
    void worked(long from, long to) {
        restedAt = to + REST * (to - from);
    }
}
