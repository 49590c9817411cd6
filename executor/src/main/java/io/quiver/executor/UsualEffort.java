package io.quiver.executor;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.query.SearchEffort;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.IndexParameters;

/**
 * The effort of queries of a collection that do not ask for any.
 *
 * <p>A configuration always has an {@code ef_search}: clients are shown the usual one where nobody gave any. So the
 * usual value means nothing, and each index uses what holds its recall; any other was chosen by somebody, and holds.
 */
final class UsualEffort {
    private UsualEffort() {}

    static SearchEffort of(Collection collection) {
        return switch (collection.configuration().index()) {
            case IndexParameters.Hnsw hnsw -> chosen(hnsw.efSearch(), IndexParameters.Hnsw.DEFAULT.efSearch());
            case IndexParameters.Spann spann -> chosen(spann.efSearch(), IndexParameters.Spann.DEFAULT.efSearch());
        };
    }

    private static SearchEffort chosen(int ef, int usual) {
        return ef == usual ? SearchEffort.DEFAULT : new SearchEffort.Ef(Math.min(ef, RecallCurve.EF_MAX));
    }
}
