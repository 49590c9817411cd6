package io.quiver.flight.link;

import io.quiver.executor.query.Query;
import java.util.List;

/** A request that may be executed together with others. */
interface Asking {
    /** What it asks, in its order; none where it asks for something else than hits. */
    List<Query> queries();
}
