package io.quiver.log.catalog;

import io.quiver.log.record.Metadata;
import org.jspecify.annotations.Nullable;

/** What to change of a collection; {@code null} leaves a part as it is. */
public record CollectionChange(
        @Nullable String newName,
        @Nullable Metadata newMetadata,
        @Nullable CollectionConfiguration newConfiguration) {}
