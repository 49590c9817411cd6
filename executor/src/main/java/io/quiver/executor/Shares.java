package io.quiver.executor;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts those who use something; the last to give its share back runs what must come then. Safe on every thread. */
final class Shares {
    private final AtomicInteger count = new AtomicInteger(1);
    private final Runnable whenGone;

    Shares(Runnable whenGone) {
        this.whenGone = whenGone;
    }

    /** False when the last share has been given back. */
    boolean take() {
        return count.getAndUpdate(shares -> shares == 0 ? 0 : shares + 1) > 0;
    }

    void giveBack() {
        if (count.decrementAndGet() == 0) {
            whenGone.run();
        }
    }
}
