package io.quiver.compactor;

import io.quiver.log.LocalLog;
import io.quiver.log.LogListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A clock that stands still but for {@link #step}. Then each look at it finds two seconds more, until a log that cannot write has tried
 * once to heal. One thread steps; any looks.
 */
final class SteppedClock implements LongSupplier, LogListener {
    private static final long STEP_NS = Duration.ofSeconds(2).toNanos();
    private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();

    private final AtomicLong nanos = new AtomicLong();
    private volatile boolean isRunning;

    @Override
    public long getAsLong() {
        return isRunning ? nanos.addAndGet(STEP_NS) : nanos.get();
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
