package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;

/** Queries of a batch with one key share one view. */
record ViewKey(CollectionId collection, boolean isCompactedOnly) {
    static ViewKey of(Query query) {
        return new ViewKey(query.collection(), query.consistency() instanceof Consistency.IndexOnly);
    }
}
