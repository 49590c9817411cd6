package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;
import org.jspecify.annotations.Nullable;

/** Queries of a batch with one key share one view. */
record ViewKey(CollectionId collection, boolean isCompactedOnly, Consistency.@Nullable Pinned pinned) {
    static ViewKey of(Query query) {
        return new ViewKey(
                query.collection(),
                query.consistency() instanceof Consistency.IndexOnly,
                query.consistency() instanceof Consistency.Pinned pinned ? pinned : null);
    }
}
