package io.quiver.executor;

/**
 * Whether anyone still wants the answer of a batch, and how long it waited. Set on any thread, asked on the search
 * threads.
 */
final class Cancellation {
    private final long submittedNanos = System.nanoTime();
    private volatile boolean isCancelled;
    private volatile long queuedNs;

    /** A search thread has taken the batch. */
    void begin() {
        queuedNs = System.nanoTime() - submittedNanos;
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
