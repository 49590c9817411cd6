package io.quiver.gateway.admission;

import java.time.Duration;
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

    private static final long OWED_MAX = 2 * Rate.REFILL_MAX.toNanos();

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

    /**
     * Takes {@code units} more, even if they are not there, or gives some back; nothing is owed for longer than twice
     * {@link Rate#REFILL_MAX}.
     */
    void add(Rate rate, double units, long now) {
        long more = rate.nanos(units);
        fullAt.updateAndGet(current -> {
            long owed = Math.max(0, current - now);
            return now + Math.min(OWED_MAX, Math.clamp(more, -owed, OWED_MAX) + owed);
        });
    }

    Allowance allowance(Rate rate, long now) {
        long owed = Math.max(0, fullAt.get() - now);
        return new Allowance(rate.burst(), Math.max(0, rate.burst() - rate.units(owed)), Duration.ofNanos(owed));
    }
}
