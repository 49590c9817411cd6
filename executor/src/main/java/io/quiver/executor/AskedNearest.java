package io.quiver.executor;

import io.quiver.executor.query.Query;

/**
 * A nearest-neighbour query of a batch under way; its answer belongs at {@code position}.
 *
 * @param values its embedding as the kernels want it
 */
record AskedNearest(int position, Query.Nearest query, float[] values, QueryClock clock) {
    static AskedNearest of(Asked asked, Query.Nearest query) {
        return new AskedNearest(asked.position(), query, query.embedding().toArray(), asked.clock());
    }

    int k() {
        return query.k();
    }
}
