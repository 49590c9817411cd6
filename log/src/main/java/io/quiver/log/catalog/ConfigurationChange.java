package io.quiver.log.catalog;

import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.catalog.IndexParameters.Spann;
import org.jspecify.annotations.Nullable;

/**
 * What to change of a configuration; what is not given stays. The space of a collection never changes.
 *
 * @param embeddingFunctionJson {@code null} leaves it
 */
public record ConfigurationChange(
        HnswSettings hnsw, @Nullable String embeddingFunctionJson) {

    /** Parameters of the other index kind are left alone. */
    CollectionConfiguration over(CollectionConfiguration configuration) {
        return new CollectionConfiguration(
                switch (configuration.index()) {
                    case Hnsw index -> hnsw.over(index);
                    case Spann index -> index;
                },
                embeddingFunctionJson == null ? configuration.embeddingFunctionJson() : embeddingFunctionJson);
    }
}
