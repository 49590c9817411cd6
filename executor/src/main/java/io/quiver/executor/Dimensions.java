package io.quiver.executor;

import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/** Refuses embeddings that cannot be compared with those of a collection. */
final class Dimensions {
    private Dimensions() {}

    static void check(Query query, Collection collection) {
        Integer expected = collection.dimension();
        if (expected == null || !query.collection().equals(collection.id())) {
            return;
        }
        switch (query) {
            case Query.Nearest nearest -> check(nearest.embedding(), expected);
            case Query.Search search -> search.knns().forEach(knn -> check(knn.target(), expected));
            case Query.Scan _, Query.Count _ -> {}
        }
    }

    private static void check(Rank.Target target, int expected) {
        switch (target) {
            case Rank.Target.Dense(var embedding) -> check(embedding, expected);
            case Rank.Target.Sparse _ -> {}
        }
    }

    /** @param expected {@code null} where any will do */
    static void check(Embedding embedding, @Nullable Integer expected) {
        if (expected != null && embedding.dimension() != expected) {
            throw QuiverException.invalid("Collection expecting embedding with dimension of %d, got %d"
                    .formatted(expected, embedding.dimension()));
        }
    }
}
