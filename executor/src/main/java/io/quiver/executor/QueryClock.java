package io.quiver.executor;

import io.quiver.executor.query.Deadline;
import java.util.function.BooleanSupplier;

/** Tells the searches of one query when to stop, and remembers whether its deadline was the reason. */
final class QueryClock implements BooleanSupplier {
    private final Cancellation cancellation;
    private final Deadline deadline;
    private final BooleanSupplier isWithdrawn;
    private volatile boolean isPartial;

    QueryClock(Cancellation cancellation, Deadline deadline) {
        this(cancellation, deadline, () -> false);
    }

    /** @param isWithdrawn whether who asked this one query of a batch has gone; safe on every thread */
    QueryClock(Cancellation cancellation, Deadline deadline, BooleanSupplier isWithdrawn) {
        this.cancellation = cancellation;
        this.deadline = deadline;
        this.isWithdrawn = isWithdrawn;
    }

    @Override
    public boolean getAsBoolean() {
        if (isUnwanted()) {
            return true;
        }
        if (deadline.hasPassed()) {
            isPartial = true;
        }
        return isPartial;
    }

    private boolean isUnwanted() {
        return cancellation.isCancelled() || isWithdrawn.getAsBoolean();
    }

    /** Ends the work of a query whose answer nobody waits for. One whose time has run out still reads what it found. */
    void requireWanted() {
        if (isUnwanted()) {
            throw new UnwantedException();
        }
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

    /** Whether searches may have ended before they had found all that they would. */
    boolean hasEndedSearches() {
        return isPartial || isUnwanted();
    }

    /** As {@link Cancellation#afterAnswer}, of the batch that the query belongs to. */
    boolean afterAnswer(Runnable work) {
        return cancellation.afterAnswer(work);
    }
}
