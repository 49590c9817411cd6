package io.quiver.executor;

/** Whether anyone still wants the answer of a batch. Set on any thread, asked on the search threads. */
final class Cancellation {
    private volatile boolean isCancelled;

    void cancel() {
        isCancelled = true;
    }

    boolean isCancelled() {
        return isCancelled;
    }
}
