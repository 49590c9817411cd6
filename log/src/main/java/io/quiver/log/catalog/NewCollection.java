package io.quiver.log.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/**
 * A collection to be created, checked except for what only the catalog knows.
 *
 * @param schema complete, and in agreement with {@code configuration}
 * @param metadata {@code null} where none was given
 */
public record NewCollection(
        String tenant,
        String database,
        String name,
        CollectionConfiguration configuration,
        Schema schema,
        @Nullable Metadata metadata) {
    private static final String CONFLICT =
            "Failed to reconcile schema: Cannot set both collection config and schema simultaneously";

    public NewCollection {
        Names.checkCollection(name);
        if (metadata != null) {
            Names.checkMetadata(metadata);
        }
        if (!schema.configuration().equals(configuration)) {
            throw new IllegalArgumentException("schema and configuration disagree");
        }
    }

    /** One of which only the space was said. */
    public static NewCollection of(String tenant, String database, String name, Space space) {
        IndexParameters index = Hnsw.DEFAULT.withSpace(space);
        return of(tenant, database, name, CollectionConfiguration.DEFAULT.withIndex(index), null, null);
    }

    /**
     * From the parts of a request, absent ones being {@code null}. Whatever it says of the vector index, in its
     * configuration, its schema or the legacy keys of its metadata, ends up in both configuration and schema.
     *
     * <p>Throws {@link QuiverException}: {@code UNPROCESSABLE} for what has the wrong shape, {@code INVALID_ARGUMENT}
     * for what makes no sense.
     */
    public static NewCollection read(
            String tenant,
            String database,
            String name,
            @Nullable JsonNode configuration,
            @Nullable JsonNode schema,
            @Nullable Metadata metadata) {
        return of(
                tenant,
                database,
                name,
                configuration == null ? CollectionConfiguration.DEFAULT : ConfigurationJson.read(configuration),
                schema == null || schema.isNull() ? null : SchemaJson.read(schema),
                metadata);
    }

    private static NewCollection of(
            String tenant,
            String database,
            String name,
            CollectionConfiguration requested,
            @Nullable Schema given,
            @Nullable Metadata metadata) {
        Schema schema = reconciled(requested.supported(), given, metadata);
        return new NewCollection(tenant, database, name, schema.configuration(), schema, metadata);
    }

    private static Schema reconciled(
            CollectionConfiguration configuration, @Nullable Schema given, @Nullable Metadata metadata) {
        Hnsw legacy = LegacyMetadata.read(metadata);
        Schema schema = given == null ? Schema.DEFAULT : given.completed();
        if (schema.isDefault()) {
            return schema.withConfiguration(configured(configuration, legacy, schema));
        }
        if (!configuration.isDefault()) {
            throw QuiverException.invalid(CONFLICT);
        }
        CollectionConfiguration own = schema.configuration();
        return schema.withConfiguration(
                own.withEmbeddingFunction(or(own.embeddingFunctionJson(), configuration.embeddingFunctionJson())));
    }

    /** A configuration with something to say rules over the legacy metadata. */
    private static CollectionConfiguration configured(
            CollectionConfiguration configuration, Hnsw legacy, Schema schema) {
        IndexParameters index = configuration.index().equals(Hnsw.DEFAULT) ? legacy : configuration.index();
        return new CollectionConfiguration(
                index,
                or(configuration.embeddingFunctionJson(), schema.configuration().embeddingFunctionJson()));
    }

    private static @Nullable String or(@Nullable String text, @Nullable String otherwise) {
        return text == null ? otherwise : text;
    }
}
