package io.quiver.log.catalog;

import org.jspecify.annotations.Nullable;

/** Who pays: owns databases. */
public record Tenant(String name, @Nullable String resourceName) {
    /** Exists from the start, and again after a reset. */
    public static final String DEFAULT = "default_tenant";
}
