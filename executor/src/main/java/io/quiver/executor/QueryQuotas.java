package io.quiver.executor;

import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Quota.Resource;
import io.quiver.log.catalog.QuotaScope;

/** Holds queries to the nearest neighbours that a tenant, a database or a collection allows. */
final class QueryQuotas {
    private QueryQuotas() {}

    static void check(Query query, Collection collection, Catalog catalog) {
        if (!catalog.hasQuotas()) {
            return;
        }
        switch (query) {
            case Query.Nearest nearest -> check(nearest.k(), collection, catalog);
            case Query.Search search ->
                search.knns().stream().mapToInt(Rank.Knn::limit).forEach(k -> check(k, collection, catalog));
            case Query.Scan _, Query.Count _ -> {}
        }
    }

    static void check(int k, Collection collection, Catalog catalog) {
        for (QuotaScope scope : QuotaScope.around(collection)) {
            catalog.quota(scope).require(Resource.K, 0, k, "Query");
        }
    }
}
