package io.quiver.executor;

import io.quiver.executor.query.Deadline;
import java.util.function.BooleanSupplier;

/** Tells the searches of one query when to stop, and remembers whether its deadline was the reason. */
final class QueryClock implements BooleanSupplier {
    private final Cancellation cancellation;
    private final Deadline deadline;
    private volatile boolean isPartial;

    QueryClock(Cancellation cancellation, Deadline deadline) {
        this.cancellation = cancellation;
        this.deadline = deadline;
    }

    @Override
    public boolean getAsBoolean() {
        if (cancellation.isCancelled()) {
            return true;
        }
        if (deadline.hasPassed()) {
            isPartial = true;
        }
        return isPartial;
    }

    /** How long ago the query came to the search threads. */
    long ageNs() {
        return cancellation.ageNs();
    }

    /** How long the query waited for a search thread. */
    long queuedNs() {
        return cancellation.queuedNs();
    }

    boolean isPartial() {
        return isPartial;
    }
}
