package io.quiver.log.catalog;

import io.quiver.log.record.Metadata;
import org.jspecify.annotations.Nullable;

/** A collection to be created, checked except for what only the catalog knows. */
public record NewCollection(
        String tenant,
        String database,
        String name,
        CollectionConfiguration configuration,
        Schema schema,
        @Nullable Metadata metadata) {}
