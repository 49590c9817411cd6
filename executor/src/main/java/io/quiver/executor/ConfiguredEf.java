package io.quiver.executor;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowSearch;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.IndexParameters;

/**
 * The beam width of a collection whose queries do not ask for one.
 *
 * <p>A configuration always has an {@code ef_search}: clients are shown the usual one where nobody gave any. So the usual
 * value means nothing, and the server uses its own; any other was chosen by somebody, and holds.
 */
final class ConfiguredEf {
    private ConfiguredEf() {}

    static int of(Collection collection) {
        return switch (collection.configuration().index()) {
            case IndexParameters.Hnsw hnsw -> chosen(hnsw.efSearch(), IndexParameters.Hnsw.DEFAULT.efSearch());
            case IndexParameters.Spann spann -> chosen(spann.efSearch(), IndexParameters.Spann.DEFAULT.efSearch());
        };
    }

    private static int chosen(int ef, int usual) {
        return ef == usual ? RowSearch.EF_DEFAULT : Math.min(ef, RecallCurve.EF_MAX);
    }
}
