package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;
import java.util.List;

/** What a quota is for: all that is in a tenant, in one of its databases, or in a collection. */
public sealed interface QuotaScope {
    record OfTenant(String tenant) implements QuotaScope {}

    record OfDatabase(String tenant, String database) implements QuotaScope {}

    record OfCollection(CollectionId collection) implements QuotaScope {}

    /** All that a collection is in, the widest first. */
    static List<QuotaScope> around(Collection collection) {
        return List.of(
                new OfTenant(collection.tenant()),
                new OfDatabase(collection.tenant(), collection.database()),
                new OfCollection(collection.id()));
    }
}
