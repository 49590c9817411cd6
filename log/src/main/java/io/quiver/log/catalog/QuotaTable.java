package io.quiver.log.catalog;

import io.quiver.log.catalog.Quota.Resource;
import io.quiver.log.catalog.QuotaScope.OfCollection;
import io.quiver.log.catalog.QuotaScope.OfDatabase;
import io.quiver.log.catalog.QuotaScope.OfTenant;
import io.quiver.log.record.CollectionId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The rows of the table of quotas: where each scope is in it. */
final class QuotaTable {
    /** What finds the rows of a scope. */
    record Key(String tenant, String database, String collection) {
        static Key of(QuotaScope scope) {
            return switch (scope) {
                case OfTenant(var tenant) -> new Key(tenant, "", "");
                case OfDatabase(var tenant, var database) -> new Key(tenant, database, "");
                case OfCollection(var collection) -> new Key("", "", collection.toString());
            };
        }

        private QuotaScope scope() {
            if (!collection.isEmpty()) {
                return new OfCollection(CollectionId.parse(collection));
            }
            return database.isEmpty() ? new OfTenant(tenant) : new OfDatabase(tenant, database);
        }
    }

    private final Map<QuotaScope, Map<Resource, Long>> read = new HashMap<>();

    void add(Key key, String resource, long most) {
        read.computeIfAbsent(key.scope(), _ -> new EnumMap<>(Resource.class)).put(Resource.valueOf(resource), most);
    }

    Map<QuotaScope, Quota> quotas() {
        Map<QuotaScope, Quota> quotas = new HashMap<>();
        read.forEach((scope, most) -> quotas.put(scope, new Quota(most)));
        return quotas;
    }
}
