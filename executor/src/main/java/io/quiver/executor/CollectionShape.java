package io.quiver.executor;

import io.quiver.executor.filter.Indexed;
import io.quiver.executor.index.Metric;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import java.util.Objects;

/** What never changes of a collection from its first write on. */
public record CollectionShape(CollectionId id, Metric metric, int dimension, Indexed indexed) {
    /** The same of another collection. */
    CollectionShape of(CollectionId other) {
        return new CollectionShape(other, metric, dimension, indexed);
    }

    public static CollectionShape of(Collection collection) {
        int dimension = Objects.requireNonNull(collection.dimension(), "a written collection has a dimension");
        return new CollectionShape(
                collection.id(), metric(collection.space()), dimension, Indexed.by(collection.schema()));
    }

    private static Metric metric(Space space) {
        return switch (space) {
            case L2 -> Metric.SQUARED_L2;
            case COSINE -> Metric.COSINE;
            case IP -> Metric.INNER_PRODUCT;
        };
    }
}
