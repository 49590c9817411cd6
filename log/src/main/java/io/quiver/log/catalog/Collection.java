package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Metadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A named set of records with one dimension and one distance metric.
 *
 * @param schema complete; its vector index says the same as the configuration
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
        return configuration.space();
    }

    /** Throws {@link io.quiver.log.record.QuiverException} for a change to what may not be. */
    Collection changed(CollectionChange change) {
        String newName = Objects.requireNonNullElse(change.newName(), name);
        Metadata newMetadata = change.newMetadata() == null ? metadata : change.newMetadata();
        Schema newSchema = change.newConfiguration() == null
                ? schema
                : schema.withConfiguration(change.newConfiguration().over(configuration));
        return with(newName, newSchema, newMetadata, dimension, version);
    }

    Collection withFirstDimension(int first) {
        return dimension == null ? with(name, schema, metadata, first, version) : this;
    }

    Collection withSchema(Schema other) {
        return schema.equals(other) ? this : with(name, other, metadata, dimension, version);
    }

    Collection withVersion(int other) {
        return with(name, schema, metadata, dimension, other);
    }

    /** The same under another id and name, as if created now. */
    Collection forked(CollectionId fork, String newName) {
        return new Collection(fork, newName, tenant, database, configuration, schema, metadata, dimension, 0);
    }

    private Collection with(
            String newName,
            Schema newSchema,
            @Nullable Metadata newMetadata,
            @Nullable Integer newDimension,
            int newVersion) {
        return new Collection(
                id,
                newName,
                tenant,
                database,
                newSchema.configuration(),
                newSchema,
                newMetadata,
                newDimension,
                newVersion);
    }
}
