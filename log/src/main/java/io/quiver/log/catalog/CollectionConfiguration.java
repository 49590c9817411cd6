package io.quiver.log.catalog;

import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.catalog.IndexParameters.Spann;
import org.jspecify.annotations.Nullable;

/**
 * How a collection is indexed, in the terms of Chroma's API.
 *
 * @param embeddingFunctionJson what the client stored about its embedding function: echoed, never read, never executed
 */
public record CollectionConfiguration(
        IndexParameters index, @Nullable String embeddingFunctionJson) {
    public static final CollectionConfiguration DEFAULT = new CollectionConfiguration(Hnsw.DEFAULT, null);

    public Space space() {
        return index.space();
    }

    /** What this server makes of it: of another kind of index it takes the space and drops the rest. */
    CollectionConfiguration supported() {
        return switch (index) {
            case Hnsw _ -> this;
            case Spann spann -> withIndex(Hnsw.DEFAULT.withSpace(spann.space()));
        };
    }

    CollectionConfiguration withIndex(IndexParameters other) {
        return new CollectionConfiguration(other, embeddingFunctionJson);
    }

    CollectionConfiguration withEmbeddingFunction(@Nullable String json) {
        return new CollectionConfiguration(index, json);
    }

    /** Whether this is what a caller sends who has nothing to say. */
    boolean isDefault() {
        return index.equals(Hnsw.DEFAULT) && EmbeddingFunctionJson.isDefault(embeddingFunctionJson);
    }
}
