package io.quiver.gateway.trace;

import java.time.Duration;

/** Lets so many lines through in each minute, and counts those that it kept back. Safe on every thread. */
final class LineLimit {
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    static final long REFUSED = -1;

    private final int linesMax;
    private long windowNanos;
    private int lines;
    private long keptBack;
    private boolean hasBegun;

    LineLimit(int linesPerMinute) {
        this.linesMax = linesPerMinute;
    }

    /** How many were kept back since the last one that was not; {@link #REFUSED} where this one is too. */
    synchronized long take(long nowNanos) {
        if (!hasBegun || nowNanos - windowNanos >= WINDOW_NANOS) {
            hasBegun = true;
            windowNanos = nowNanos;
            lines = 0;
        }
        if (lines >= linesMax) {
            keptBack++;
            return REFUSED;
        }
        lines++;
        long before = keptBack;
        keptBack = 0;
        return before;
    }
}
