package io.quiver.loadtest.torture;

import org.jspecify.annotations.Nullable;

/**
 * What the server promised about one batch of records, and what it may have done besides.
 *
 * @param version of all of its records by the last acknowledgement, 0 when they are absent
 * @param pending version after the request that was never answered, {@code null} where every request was
 */
record BatchState(int size, int version, @Nullable Integer pending) {
    BatchState asking(int next) {
        return new BatchState(size, version, next);
    }

    BatchState acknowledged() {
        return new BatchState(size, pending == null ? version : pending, null);
    }

    /** Settled by what a reader saw after a restart. */
    BatchState seen(int seenVersion) {
        return new BatchState(size, seenVersion, null);
    }

    boolean allows(int seenVersion) {
        return seenVersion == version || (pending != null && seenVersion == pending);
    }
}
