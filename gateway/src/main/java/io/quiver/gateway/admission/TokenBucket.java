package io.quiver.gateway.admission;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket in one word: the generic cell rate algorithm (ITU-T I.371).
 *
 * <p>The word is the moment at which the bucket would be full again if nothing more came. Admitting a request moves it
 * by the time that its units take to flow in; it may not lie further ahead than the burst takes to refill. Moments are
 * compared by difference, for {@link System#nanoTime} may wrap.
 */
final class TokenBucket {
    /** The answer of {@link #take} that admits. */
    static final long ADMITTED = 0;

    private final AtomicLong fullAt;

    TokenBucket(long now) {
        this.fullAt = new AtomicLong(now);
    }

    /** Takes {@code units}, which are at most the burst; returns {@link #ADMITTED}, or nanoseconds to wait before. */
    long take(Rate rate, double units, long now) {
        long cost = rate.nanos(units);
        long ahead = rate.nanos(rate.burst());
        while (true) {
            long current = fullAt.get();
            long next = (current - now > 0 ? current : now) + cost;
            long wait = next - now - ahead;
            if (wait > 0) {
                return wait;
            }
            if (fullAt.compareAndSet(current, next)) {
                return ADMITTED;
            }
        }
    }
}
