package io.quiver.gateway.auth;

/** What an operation needs, and of which place. */
public record Requirement(Permission permission, Level level) {
    /** Where the permission is needed; a path names tenant, database and collection in this order. */
    public enum Level {
        /** Nowhere: whoever reaches the server may ask. */
        OPEN,
        /** Somewhere: whoever the server knows may ask. */
        KNOWN,
        SERVER,
        TENANT,
        DATABASE,
        /** In the collection, which is found before it is decided. */
        COLLECTION,
        /** Like {@link #COLLECTION}, where the path does not say in which tenant and database it is. */
        COLLECTION_ANYWHERE
    }
}
