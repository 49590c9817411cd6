package io.quiver.executor;

import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;

/**
 * A nearest-neighbour query of a batch under way; its answer belongs at {@code position}.
 *
 * @param values its embedding as the kernels want it
 * @param effort its own, or its collection's where it has none
 */
record AskedNearest(int position, Query.Nearest query, float[] values, SearchEffort effort, QueryClock clock) {
    static AskedNearest of(Asked asked, Query.Nearest query, SearchEffort usual) {
        SearchEffort effort = query.effort() instanceof SearchEffort.Default ? usual : query.effort();
        return new AskedNearest(asked.position(), query, query.embedding().toArray(), effort, asked.clock());
    }

    int k() {
        return query.k();
    }

    /** Beam width in this index. */
    int ef(VectorIndex index) {
        int wanted = Math.max(1, k());
        return switch (effort) {
            case SearchEffort.Default() -> index.usualEf(wanted);
            case SearchEffort.Ef(int ef) -> ef;
            case SearchEffort.TargetRecall(double recall) ->
                recall == 1 ? RowSearch.EXACT : index.recallCurve().efFor(recall, wanted);
        };
    }
}
