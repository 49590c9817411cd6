package io.quiver.gateway.auth;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Filter;
import io.quiver.log.catalog.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who asks, and what they may do. What their rights do not allow is refused: as forbidden where they may know
 * of the place, else as absent, and that is decided by names alone, never by what exists.
 *
 * @param name for people and the audit log; empty for everyone
 * @param credential by what they are known, without its secret
 * @param filter accepted by every record that they may see; {@code null} for no such condition
 */
public record Caller(
        String name,
        String credential,
        Rights rights,
        @Nullable Filter filter) {
    /** Whoever asks a server that asks nobody. */
    public static final Caller EVERYONE = new Caller("", "none", Rights.of(new Grant(Role.ADMIN, Scope.SERVER)), null);

    /** Whoever has not said yet who they are, and will before they are answered: nothing is allowed to them. */
    public static final Caller UNINTRODUCED = new Caller("", "none", Rights.NONE, null);

    /** What becomes of a request. */
    public enum Decision {
        ALLOWED,
        FORBIDDEN,
        ABSENT
    }

    Decision decide(Permission permission, Scope place) {
        return heedsFilter(permission) && rights.allow(permission, place) ? Decision.ALLOWED : refusal(place);
    }

    /** The same for a place of which the caller may need only a part: a collection in a database, found later. */
    Decision decideWithin(Permission permission, Scope place) {
        return heedsFilter(permission) && rights.allowWithin(permission, place) ? Decision.ALLOWED : refusal(place);
    }

    private Decision refusal(Scope place) {
        return rights.know(place) ? Decision.FORBIDDEN : Decision.ABSENT;
    }

    /** Whether it may be done with this collection, which exists. */
    boolean may(Permission permission, Collection collection) {
        return heedsFilter(permission) && rights.allow(permission, collection);
    }

    private boolean heedsFilter(Permission permission) {
        return filter == null || permission.heedsFilters();
    }

    /** Answers about the records that they may see. */
    QueryExecutor narrowed(QueryExecutor executor) {
        return filter == null ? executor : new NarrowedExecutor(executor, filter);
    }

    /** The one tenant that they may know of; {@code *} where there are several. */
    public String tenant() {
        return rights.only(Scope::tenant);
    }

    /** The one database that they may know of; {@code *} where there are several. */
    public String database() {
        return rights.only(Scope::database);
    }
}
