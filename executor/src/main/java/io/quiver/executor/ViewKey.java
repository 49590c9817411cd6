package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;

/**
 * Queries of a batch with one key share one view.
 *
 * @param consistency never {@link Consistency.AtLeast}: once its offset has been applied it is the newest state
 */
record ViewKey(CollectionId collection, Consistency consistency) {
    ViewKey {
        consistency = consistency instanceof Consistency.AtLeast ? Consistency.STRONG : consistency;
    }

    static ViewKey of(Query query) {
        return new ViewKey(query.collection(), query.consistency());
    }
}
