package io.quiver.executor.filter;

import java.util.function.BooleanSupplier;

/**
 * Counts the work that one filter does, and lets its caller stop it: what a question costs is little beside the work
 * between two of them, and that takes a few milliseconds at most. Belongs to one thread.
 */
final class LookedAt {
    /** A unit is a few nanoseconds: a character that is read, a step of an expression, a row of a list. */
    private static final int UNITS_A_QUESTION = 1 << 15;

    /** A row whose parts are looked at, whatever these are. */
    private static final int UNITS_A_ROW = UNITS_A_QUESTION / 16;

    private final BooleanSupplier stop;
    private long left;

    LookedAt(BooleanSupplier stop) {
        this.stop = stop;
    }

    /** Another row is about to be looked at. */
    void next() {
        worked(UNITS_A_ROW);
    }

    /** Throws {@link FilterStoppedException} where the caller wants no more. */
    void worked(long units) {
        left -= units;
        if (left < 0) {
            left = UNITS_A_QUESTION;
            if (stop.getAsBoolean()) {
                throw new FilterStoppedException();
            }
        }
    }
}
