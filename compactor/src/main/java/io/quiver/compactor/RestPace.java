package io.quiver.compactor;

import io.quiver.executor.CompactionSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets searches go first: what nobody waits for works half of the time at most while anybody searches. For one thread.
 */
final class RestPace {
    private static final long WORK_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private final CompactionSource source;
    private long answered;
    private long resumedAt = System.nanoTime();

    RestPace(CompactionSource source) {
        this.source = source;
        this.answered = source.answeredQueries();
    }

    /** Pauses as long as was worked since the last pause, where queries have been answered meanwhile. Called often. */
    void giveWay() {
        long worked = System.nanoTime() - resumedAt;
        if (worked < WORK_NANOS_MIN) {
            return;
        }
        long now = source.answeredQueries();
        if (now != answered) {
            LockSupport.parkNanos(Math.min(worked, PAUSE_NANOS_MAX));
        }
        answered = now;
        resumedAt = System.nanoTime();
    }
}
