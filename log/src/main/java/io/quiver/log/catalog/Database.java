package io.quiver.log.catalog;

import java.util.UUID;

/** A named set of collections of one tenant. */
public record Database(UUID id, String name, String tenant) {
    /** Exists from the start, and again after a reset, with the id of all zeros. */
    public static final String DEFAULT = "default_database";

    public static final UUID DEFAULT_ID = new UUID(0, 0);
}
