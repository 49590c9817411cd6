package io.quiver.gateway.auth;

import io.quiver.log.record.QuiverException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What somebody may do within a scope. */
public enum Role {
    /** Everything. */
    ADMIN(EnumSet.allOf(Permission.class)),
    /** Collections and records, but no tenants and databases. */
    READ_WRITE(EnumSet.complementOf(EnumSet.of(
            Permission.METRICS,
            Permission.RESET,
            Permission.BACK_UP,
            Permission.SET_QUOTA,
            Permission.CREATE_TENANT,
            Permission.UPDATE_TENANT,
            Permission.CREATE_DATABASE,
            Permission.DELETE_DATABASE))),
    /** Looks and searches. */
    READ_ONLY(EnumSet.of(
            Permission.LOOK,
            Permission.GET_USAGE,
            Permission.GET_TENANT,
            Permission.GET_DATABASE,
            Permission.LIST_DATABASES,
            Permission.LIST_COLLECTIONS,
            Permission.COUNT_COLLECTIONS,
            Permission.GET_COLLECTION,
            Permission.GET,
            Permission.QUERY,
            Permission.COUNT,
            Permission.SEARCH,
            Permission.EXPLAIN,
            Permission.FOLLOW)),
    /** How the server does, nothing of what it holds. */
    MONITOR(EnumSet.of(Permission.LOOK, Permission.METRICS));

    @SuppressWarnings("ImmutableEnumChecker") // a copy that nothing changes
    private final Set<Permission> permissions;

    Role(EnumSet<Permission> permissions) {
        this.permissions = Set.copyOf(permissions);
    }

    Set<Permission> permissions() {
        return permissions;
    }

    boolean has(Permission permission) {
        return permissions.contains(permission);
    }

    /** As people write it: {@code read-write}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads what {@link #text} wrote. */
    public static Role of(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> QuiverException.invalid("a role must be one of %s, not '%s'"
                        .formatted(Arrays.stream(values()).map(Role::text).collect(Collectors.joining(", ")), text)));
    }
}
