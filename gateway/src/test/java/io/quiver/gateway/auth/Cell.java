package io.quiver.gateway.auth;

import java.util.Set;

/**
 * What the matrix says of one operation, written down a second time so that the table is held to something.
 *
 * @param roles that may, by the letters of the matrix
 */
record Cell(String operation, Requirement.Level level, Set<Role> roles) {
    enum Outcome {
        LET_IN,
        UNKNOWN,
        FORBIDDEN,
        ABSENT
    }

    /** Lines of level, letters of roles (a, w, r, m) and operation. */
    static Cell of(String line) {
        String[] parts = line.split(" +", 3);
        var roles = new java.util.HashSet<Role>();
        for (char letter : parts[1].toCharArray()) {
            switch (letter) {
                case 'a' -> roles.add(Role.ADMIN);
                case 'w' -> roles.add(Role.READ_WRITE);
                case 'r' -> roles.add(Role.READ_ONLY);
                case 'm' -> roles.add(Role.MONITOR);
                default -> {}
            }
        }
        return new Cell(parts[2], Requirement.Level.valueOf(parts[0]), roles);
    }

    /**
     * @param depth of the caller's scope: 0 the server, 1 their tenant, 2 a database, 3 a collection in it
     * @param isOwn whether the operation names what the scope names, or the same in another tenant
     */
    Outcome expected(Role role, int depth, boolean isOwn) {
        return switch (level) {
            case OPEN, KNOWN, COLLECTION_ANYWHERE -> Outcome.LET_IN;
            case SERVER -> roles.contains(role) && depth == 0 ? Outcome.LET_IN : Outcome.FORBIDDEN;
            case TENANT -> within(role, depth, isOwn, 1);
            case DATABASE -> within(role, depth, isOwn, 2);
            case COLLECTION -> within(role, depth, isOwn, 3);
        };
    }

    private Outcome within(Role role, int depth, boolean isOwn, int deepest) {
        boolean isConnecting = operation.equals("GET /api/v2/tenants/{tenant}")
                || operation.equals("GET /api/v2/tenants/{tenant}/databases/{database}");
        if (!isOwn && depth > 0) {
            return Outcome.ABSENT;
        }
        return roles.contains(role) && (depth <= deepest || isConnecting) ? Outcome.LET_IN : Outcome.FORBIDDEN;
    }
}
