package io.quiver.gateway.admission;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How much gets done in a second while there is enough to do: the best of the last windows. Not safe on many threads.
 */
final class Throughput {
    static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** So many windows decide: about three seconds. */
    private static final int WINDOWS = 32;

    private static final double NANOS = 1e9;

    private final double[] perSecond = new double[WINDOWS];
    private int next;
    private double best;
    private long windowBegin;
    private int ended;

    /** A time with enough to do begins; what was measured before counts no more if that is long ago. */
    void begin(long now) {
        if (now - windowBegin > WINDOWS * WINDOW_NANOS) {
            Arrays.fill(perSecond, 0);
        }
        windowBegin = now;
        ended = 0;
    }

    /** Something has ended. {@code true} where it closes a window. */
    boolean ended(long now) {
        ended++;
        long elapsed = now - windowBegin;
        if (elapsed < WINDOW_NANOS) {
            return false;
        }
        close(elapsed);
        windowBegin = now;
        ended = 0;
        return true;
    }

    private void close(long elapsed) {
        perSecond[next] = ended * NANOS / elapsed;
        next = (next + 1) % WINDOWS;
        best = 0;
        for (double rate : perSecond) {
            best = Math.max(best, rate);
        }
    }

    double perSecond() {
        return best;
    }
}
