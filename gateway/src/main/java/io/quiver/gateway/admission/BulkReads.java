package io.quiver.gateway.admission;

import io.quiver.executor.QueryExecutor;
import io.quiver.flight.service.ReadTurns;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;

/** Gives each call over Flight its turns, and refuses those that would not get their first. */
public final class BulkReads implements ReadTurns {
    private final QueryExecutor executor;
    private final Admission admission;
    private final PaidSearches searches;
    private final Catalog catalog;

    public BulkReads(QueryExecutor executor, Admission admission, PaidSearches searches, Catalog catalog) {
        this.executor = executor;
        this.admission = admission;
        this.searches = searches;
        this.catalog = catalog;
    }

    @Override
    public QueryExecutor ofCall() {
        return new BulkExecutor(executor, admission, searches, catalog);
    }

    @Override
    public void requireRoom(Collection collection) {
        Decision.Refused refusal = admission.refusal(Lane.CALL, collection.tenant());
        if (refusal != null) {
            throw refusal.toException();
        }
    }
}
