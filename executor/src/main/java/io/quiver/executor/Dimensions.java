package io.quiver.executor;

import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.QuiverException;

/** Refuses embeddings that cannot be compared with those of a collection. */
final class Dimensions {
    private Dimensions() {}

    static void check(Query query, Collection collection) {
        Integer expected = collection.dimension();
        if (expected != null
                && query instanceof Query.Nearest nearest
                && query.collection().equals(collection.id())
                && nearest.embedding().dimension() != expected) {
            throw QuiverException.invalid("Collection expecting embedding with dimension of %d, got %d"
                    .formatted(expected, nearest.embedding().dimension()));
        }
    }
}
