package io.quiver.executor.filter;

import java.util.function.BooleanSupplier;

/** Counts the rows that one filter looks at, and lets its caller stop it. Belongs to one thread. */
final class LookedAt {
    /** Between two questions: so few that even long documents do not take long, so many that the clock costs nothing. */
    private static final int ROWS_A_QUESTION = 16;

    private final BooleanSupplier stop;
    private int rowCount;

    LookedAt(BooleanSupplier stop) {
        this.stop = stop;
    }

    /** Another row is about to be looked at. */
    void next() {
        if (rowCount++ % ROWS_A_QUESTION == 0 && stop.getAsBoolean()) {
            throw new FilterStoppedException();
        }
    }
}
