package io.quiver.gateway.auth;

import io.quiver.executor.QueryExecutor;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.List;

/** One caller at one operation. Safe on every thread. */
public record Access(Caller caller, Requirement requirement) {
    /**
     * Refuses what the caller may not do in a place that is known by its names: {@code PERMISSION_DENIED}, or
     * {@code NOT_FOUND} where the caller may not know whether it is there.
     *
     * @param names of tenant, database and collection, as far as the operation names them
     */
    public void require(List<String> names) {
        switch (requirement.level()) {
            case OPEN, KNOWN, COLLECTION_ANYWHERE -> {}
            case SERVER -> check(decide(Scope.SERVER), Scope.SERVER);
            case TENANT -> check(decide(place(names, 1)), place(names, 1));
            case DATABASE -> check(decide(place(names, 2)), place(names, 2));
            case COLLECTION -> check(caller.decideWithin(requirement.permission(), place(names, 2)), place(names, 2));
        }
    }

    private Caller.Decision decide(Scope place) {
        return caller.decide(requirement.permission(), place);
    }

    private static Scope place(List<String> names, int depth) {
        return new Scope(names.get(0), depth > 1 ? names.get(1) : null, null);
    }

    private void check(Caller.Decision decision, Scope place) {
        switch (decision) {
            case ALLOWED -> {}
            case FORBIDDEN -> throw forbidden();
            case ABSENT -> throw absent(place);
        }
    }

    private QuiverException forbidden() {
        return new QuiverException(
                ErrorCode.PERMISSION_DENIED,
                "This key does not allow %s here"
                        .formatted(requirement.permission().text()));
    }

    private static QuiverException absent(Scope place) {
        return QuiverException.notFound(
                place.database() == null
                        ? "Tenant [%s] not found".formatted(place.tenant())
                        : "Database [%s] not found. Are you sure it exists?".formatted(place.database()));
    }

    /** Whether a collection that exists may be seen; one that may not is to be answered as one that is not there. */
    public boolean reaches(Collection collection) {
        return caller.may(requirement.permission(), collection);
    }

    /** Whether answers are the same for everyone who may ask at all. */
    public boolean seesAllRecords() {
        return caller.filter() == null;
    }

    /** Answers about the records that the caller may see. */
    public QueryExecutor narrowed(QueryExecutor executor) {
        return caller.narrowed(executor);
    }
}
