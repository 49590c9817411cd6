package io.quiver.compactor;

import io.quiver.log.LocalLog;
import io.quiver.log.LogListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A clock that stands still but for {@link #step}. Then each look at it finds two seconds more, until a log that cannot
 * write has tried once to heal. The time of day jumps by up to an hour, back or forth, with each look at it. One thread
 * steps; any looks.
 */
final class SteppedClock implements LongSupplier, LogListener {
    private static final long STEP_NS = Duration.ofSeconds(2).toNanos();
    private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();

    private static final long NOON = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();

    private final Random random;
    private final AtomicLong nanos = new AtomicLong();
    private volatile boolean isRunning;

    SteppedClock(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public long getAsLong() {
        return isRunning ? nanos.addAndGet(STEP_NS) : nanos.get();
    }

    /** Follows no rule but the seed's. */
    synchronized long jumpingMillis() {
        return NOON + random.nextLong(-HOUR_MS, HOUR_MS + 1);
    }

    @Override
    public void appended(int entryCount, long sizeBytes, long forceNanos) {
        // Only healing takes time.
    }

    @Override
    public void triedToHeal() {
        isRunning = false;
    }

    /** Lets time pass. A log that cannot write tries once to heal in it, and has ended that when this returns. */
    void step(LocalLog log) {
        if (log.failure() == null) {
            nanos.addAndGet(STEP_NS);
            return;
        }
        isRunning = true;
        long begin = System.nanoTime();
        while (isRunning) {
            if (System.nanoTime() - begin > PATIENCE_NS) {
                throw new AssertionError("the log does not try to heal");
            }
            LockSupport.parkNanos(20_000);
        }
    }
}
