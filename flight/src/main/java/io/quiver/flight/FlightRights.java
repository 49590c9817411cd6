package io.quiver.flight;

import io.quiver.executor.QueryExecutor;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.QuiverException;

/** What one caller may do. An operation is a Flight method, {@code DoPut}, or an action, {@code count}. */
public interface FlightRights {
    /** Everything. */
    FlightRights ALL = new FlightRights() {
        @Override
        public void require(String operation, String tenant, String database) {}

        @Override
        public boolean reaches(String operation, Collection collection) {
            return true;
        }

        @Override
        public QueryExecutor narrowed(QueryExecutor executor) {
            return executor;
        }
    };

    /** Of the call that this thread serves; ask before handing the call to another thread. */
    static FlightRights current() {
        FlightRights rights = CallerCheck.RIGHTS.get();
        if (rights == null) {
            throw new IllegalStateException("no Flight call on this thread");
        }
        return rights;
    }

    /**
     * Refuses, by {@link QuiverException}, what the caller may not do there, nor in any collection there: with
     * {@code PERMISSION_DENIED}, or {@code NOT_FOUND} where the caller may not know whether there is such a database.
     */
    void require(String operation, String tenant, String database);

    /** Whether it may be done with a collection that exists; if not, it is answered as one that is not there. */
    boolean reaches(String operation, Collection collection);

    /** Answers about the records that the caller may see. */
    QueryExecutor narrowed(QueryExecutor executor);
}
