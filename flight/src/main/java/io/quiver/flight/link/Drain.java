package io.quiver.flight.link;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Runs a step on one thread at a time, without a thread of its own and without a lock: who calls while another thread is
 * in the step makes that thread run it once more.
 */
final class Drain {
    private final AtomicInteger calls = new AtomicInteger();
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
}
