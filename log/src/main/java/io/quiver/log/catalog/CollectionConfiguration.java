package io.quiver.log.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How a collection is indexed, in the terms of Chroma's API.
 *
 * @param embeddingFunctionJson what the client stored about its embedding function: echoed, never read, never executed
 */
public record CollectionConfiguration(
        IndexParameters index, @Nullable String embeddingFunctionJson) {
    public static final CollectionConfiguration DEFAULT =
            new CollectionConfiguration(IndexParameters.Hnsw.DEFAULT, null);
}
