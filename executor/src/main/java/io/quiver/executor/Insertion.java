package io.quiver.executor;

import io.quiver.log.record.LogOffset;

/** Positions in the order of insertion, derived from the log alone and so the same after every restart. */
final class Insertion {
    private static final int INDEX_BITS = 20;

    private Insertion() {}

    /** Of the operation {@code index} of the entry at {@code offset}. */
    static long of(LogOffset offset, int index) {
        return offset.value() << INDEX_BITS | index;
    }
}
