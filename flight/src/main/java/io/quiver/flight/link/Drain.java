package io.quiver.flight.link;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import reactor.core.scheduler.Schedulers;

/**
 * Runs a step on one thread at a time, without a thread of its own and without a lock: who calls while another thread
 * is in the step makes that thread run it once more.
 */
final class Drain {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicBoolean isLaterSet = new AtomicBoolean();
    private final BooleanSupplier step;

    /** The step is repeated while it is true; it must not throw. */
    Drain(BooleanSupplier step) {
        this.step = step;
    }

    void run() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            boolean more = true;
            while (more) {
                more = step.getAsBoolean();
            }
            seen = calls.addAndGet(-seen);
        }
    }

    /** Runs it once more after a while; who asks again before that changes nothing. */
    void runLater(Duration wait) {
        if (isLaterSet.compareAndSet(false, true)) {
            Schedulers.parallel().schedule(this::runNow, wait.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void runNow() {
        isLaterSet.set(false);
        run();
    }
}
