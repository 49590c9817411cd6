package io.quiver.executor;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;

/**
 * A nearest-neighbour query of a batch under way; its answer belongs at {@code position}.
 *
 * @param values its embedding as the kernels want it
 * @param efConfigured beam width where the query asks for none
 */
record AskedNearest(int position, Query.Nearest query, float[] values, int efConfigured, QueryClock clock) {
    static AskedNearest of(Asked asked, Query.Nearest query, int efConfigured) {
        return new AskedNearest(asked.position(), query, query.embedding().toArray(), efConfigured, asked.clock());
    }

    int k() {
        return query.k();
    }

    /** Beam width in an index of which {@code curve} is known. */
    int ef(RecallCurve curve) {
        return switch (query.effort()) {
            case SearchEffort.Default() -> efConfigured;
            case SearchEffort.Ef(int ef) -> ef;
            case SearchEffort.TargetRecall(double recall) ->
                recall == 1 ? RowSearch.EXACT : curve.efFor(recall, Math.max(1, k()));
        };
    }
}
