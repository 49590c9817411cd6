package io.quiver.executor.query;

import io.quiver.log.record.LogOffset;

/** How fresh the view of a query must be. */
public sealed interface Consistency {
    /** Everything acknowledged before the query began. */
    Consistency STRONG = new Strong();

    record Strong() implements Consistency {}

    /** Everything up to an offset that the caller has seen. */
    record AtLeast(LogOffset offset) implements Consistency {}

    /**
     * Everything up to an offset and nothing after it; waits for it as {@link AtLeast} does. {@code
     * FAILED_PRECONDITION} for one that is no longer kept.
     */
    record At(LogOffset offset) implements Consistency {}

    /** Sealed segments alone, however old. */
    record IndexOnly() implements Consistency {}

    /**
     * The view that the first query with this number took; for questions that belong together. It is kept for a while
     * after each use, and given back after the last; {@code FAILED_PRECONDITION} when it has been given back already.
     *
     * @param number chosen by the caller, at random, so that nobody else has it
     * @param place of the query among those of the view
     * @param first how fresh the view must be that the first query takes
     */
    record Pinned(long number, Place place, Consistency first) implements Consistency {
        public Pinned {
            if (first instanceof Pinned) {
                throw new IllegalArgumentException("a pinned view cannot be taken from another");
            }
        }

        /** Where a query stands among those that see one view. */
        public enum Place {
            FIRST,
            BETWEEN,
            LAST
        }
    }
}
