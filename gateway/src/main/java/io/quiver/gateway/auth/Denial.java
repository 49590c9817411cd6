package io.quiver.gateway.auth;

import io.quiver.log.catalog.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What may not be done within a scope, whatever is granted there. What destroys a whole is denied to whom anything is
 * denied in a part of it, and what asks about a whole to whom the same is denied in a part.
 */
public record Denial(Set<Permission> permissions, Scope scope) {
    private static final Set<Permission> DESTROYING = EnumSet.of(Permission.RESET, Permission.DELETE_DATABASE);

    public Denial {
        permissions = Set.copyOf(permissions);
    }

    /** Reads {@code collection:delete+collection:update@tenant/database}; without a place, of the whole server. */
    public static Denial of(String text) {
        int at = text.indexOf('@');
        EnumSet<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (String name : text.substring(0, at < 0 ? text.length() : at).split("\\+", -1)) {
            permissions.addAll(Permission.named(name));
        }
        return new Denial(permissions, at < 0 ? Scope.SERVER : Scope.of(text.substring(at + 1)));
    }

    boolean denies(Permission permission, Scope place) {
        if (scope.covers(place)) {
            return permissions.contains(permission);
        }
        boolean isOfTheWhole =
                DESTROYING.contains(permission) || permissions.contains(permission) && !permission.reachesUp();
        return isOfTheWhole && place.covers(scope);
    }

    /** The same for a place of which the caller may need only another part. */
    boolean deniesAllOf(Permission permission, Scope place) {
        return permissions.contains(permission) && scope.covers(place);
    }

    boolean denies(Permission permission, Collection collection) {
        return permissions.contains(permission) && scope.covers(collection);
    }

    @Override
    public String toString() {
        return permissions.stream()
                .map(Permission::text)
                .sorted()
                .collect(Collectors.joining("+", "not ", "@" + scope));
    }
}
