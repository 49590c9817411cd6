package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A named set of records with one dimension and one distance metric.
 *
 * @param dimension {@code null} until the first write, which fixes it
 * @param metadata {@code null} where none was given
 * @param version counts the changes of this entry, from 0
 */
public record Collection(
        CollectionId id,
        String name,
        String tenant,
        String database,
        CollectionConfiguration configuration,
        Schema schema,
        @Nullable Metadata metadata,
        @Nullable Integer dimension,
        int version) {
    public Space space() {
        return configuration.index().space();
    }
}
