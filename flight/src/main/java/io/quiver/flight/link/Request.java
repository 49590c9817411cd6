package io.quiver.flight.link;

import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.List;

/** What one end asks of the other: travels whole in one message. */
sealed interface Request {
    /** Queries that are executed together. */
    record Ask(List<Query> queries) implements Request {}

    record AwaitApplied(CollectionId collection, LogOffset offset) implements Request {}

    record AdmitWrite(CollectionId collection, long bytes) implements Request {}

    /** Nobody waits for the answer to this request any more. */
    record Cancel() implements Request {}
}
