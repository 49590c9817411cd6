package io.quiver.executor.filter;

/** The caller of a {@link FilterIndex} did not want to wait any longer. */
public final class FilterStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FilterStoppedException() {
        super("stopped while documents were looked at", null, false, false);
    }
}
