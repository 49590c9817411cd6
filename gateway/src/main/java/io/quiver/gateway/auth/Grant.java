package io.quiver.gateway.auth;

/** A role within a scope. */
public record Grant(Role role, Scope scope) {
    boolean allows(Permission permission, Scope place) {
        return role.has(permission) && (scope.covers(place) || permission.reachesUp() && place.covers(scope));
    }

    /** Whether a caller with this grant may know of the place: it lies in the scope, or the scope lies in it. */
    boolean knows(Scope place) {
        return scope.covers(place) || place.covers(scope);
    }

    @Override
    public String toString() {
        return role.text() + "@" + scope;
    }
}
