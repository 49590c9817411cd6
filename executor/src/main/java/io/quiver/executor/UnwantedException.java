package io.quiver.executor;

/** Ends the work of a query whose answer nobody waits for any more; never leaves the executor. */
final class UnwantedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnwantedException() {
        super("nobody waits for the answer", null, false, false);
    }
}
