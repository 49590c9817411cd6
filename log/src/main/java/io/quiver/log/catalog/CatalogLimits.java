package io.quiver.log.catalog;

/**
 * How much may exist. The catalog is held in memory: about 2 KB a collection, and more for each key noted in its
 * schema.
 *
 * @param tenants of the server
 * @param databasesPerTenant of one tenant
 * @param collectionsPerTenant of one tenant, over all its databases
 */
public record CatalogLimits(int tenants, int databasesPerTenant, int collectionsPerTenant) {
    public static final CatalogLimits DEFAULT = new CatalogLimits(1_000_000, 100_000, 1_000_000);

    public CatalogLimits {
        if (tenants < 1 || databasesPerTenant < 1 || collectionsPerTenant < 1) {
            throw new IllegalArgumentException(
                    "limits must be at least 1, not %d tenants, %d databases and %d collections per tenant"
                            .formatted(tenants, databasesPerTenant, collectionsPerTenant));
        }
    }
}
