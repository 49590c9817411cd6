package io.quiver.flight.service;

import io.quiver.executor.QueryExecutor;
import io.quiver.log.catalog.Collection;

/** When what calls ask is answered, and which calls a full server does not begin. Safe on every thread, never waits. */
public interface ReadTurns {
    /** The executor as one call has it. */
    QueryExecutor ofCall();

    /**
     * Fails with {@code UNAVAILABLE} where a call about this collection would not get its first turn. Refusing costs
     * least where nothing has been read yet.
     */
    void requireRoom(Collection collection);

    /** Answers everything at once. */
    static ReadTurns free(QueryExecutor executor) {
        return new ReadTurns() {
            @Override
            public QueryExecutor ofCall() {
                return executor;
            }

            @Override
            public void requireRoom(Collection collection) {
                // there always is
            }
        };
    }
}
