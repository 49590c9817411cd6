package io.quiver.gateway.admission;

import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import java.util.List;

/**
 * Less work for each when there is too much for all. Only searches that name their beam get a narrower one: the others
 * go no further than the recall of the collection calls for, and one that names its recall is not lied to.
 */
public final class BrownOut {
    private BrownOut() {}

    /** The same list where nothing in it has a wider beam. */
    public static List<Query> narrowed(List<Query> queries, int efMax) {
        return queries.stream().anyMatch(query -> isWider(query, efMax))
                ? queries.stream().map(query -> narrowed(query, efMax)).toList()
                : queries;
    }

    private static boolean isWider(Query query, int efMax) {
        return query instanceof Query.Nearest nearest
                && nearest.effort() instanceof SearchEffort.Ef(int ef)
                && ef > Math.max(efMax, nearest.k());
    }

    private static Query narrowed(Query query, int efMax) {
        return query instanceof Query.Nearest nearest && isWider(query, efMax)
                ? nearest.withEffort(new SearchEffort.Ef(Math.max(1, Math.max(efMax, nearest.k()))))
                : query;
    }
}
