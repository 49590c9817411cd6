package io.quiver.log.catalog;

/** What holds where nobody has set anything else. */
public record DefaultQuotas(Quota tenant, Quota database, Quota collection) {
    public static final DefaultQuotas NONE = new DefaultQuotas(Quota.NONE, Quota.NONE, Quota.NONE);

    Quota of(QuotaScope scope) {
        return switch (scope) {
            case QuotaScope.OfTenant _ -> tenant;
            case QuotaScope.OfDatabase _ -> database;
            case QuotaScope.OfCollection _ -> collection;
        };
    }

    boolean areEmpty() {
        return tenant.most().isEmpty()
                && database.most().isEmpty()
                && collection.most().isEmpty();
    }
}
