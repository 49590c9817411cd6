package io.quiver.executor;

import org.jspecify.annotations.Nullable;

/**
 * Whether anyone still wants the answer of a batch, how long it waited, and what is to be done when it has been
 * answered. Set on any thread, asked on the search threads.
 */
final class Cancellation {
    private final long submittedNanos = System.nanoTime();
    private volatile boolean isCancelled;
    private volatile long queuedNs;
    private volatile boolean isLed;
    private @Nullable Runnable afterwards;

    /** A search thread has taken the batch, and calls {@link #end} whatever happens. */
    void begin() {
        queuedNs = System.nanoTime() - submittedNanos;
        isLed = true;
    }

    /** The answer has been handed over, or there is none. */
    void end() {
        Runnable work = taken();
        if (work != null) {
            work.run();
        }
    }

    private synchronized @Nullable Runnable taken() {
        isLed = false;
        return afterwards;
    }

    /**
     * Has {@code work}, which must be short, done right after {@link #end}; {@code false} where nothing will, since no
     * search thread leads the batch, or there is something to do already.
     */
    synchronized boolean afterAnswer(Runnable work) {
        if (!isLed || afterwards != null) {
            return false;
        }
        afterwards = work;
        return true;
    }

    /** How long ago the batch was handed to the search threads. */
    long ageNs() {
        return System.nanoTime() - submittedNanos;
    }

    /** How long the batch waited for a search thread. */
    long queuedNs() {
        return queuedNs;
    }

    void cancel() {
        isCancelled = true;
    }

    boolean isCancelled() {
        return isCancelled;
    }
}
