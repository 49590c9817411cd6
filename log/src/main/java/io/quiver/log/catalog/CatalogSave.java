package io.quiver.log.catalog;

import io.quiver.log.catalog.CatalogImage.CollectionEntry;
import io.quiver.log.catalog.CatalogImage.DatabaseEntry;
import io.quiver.log.catalog.CatalogImage.TenantEntry;
import io.quiver.log.record.CollectionId;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;

/**
 * Writes everything that an image has into the tables of a catalog, where {@link CatalogLoad} finds it again. The
 * image must have whatever any table has: what it lacked would be gone when the catalog has healed.
 */
record CatalogSave(CatalogTables tables, CatalogImage image) {
    /**
     * In place of what the tables had.
     *
     * @param changeCount of the changes that made the image
     */
    void all(long changeCount) throws SQLException {
        tables.begin();
        tables.deleteAll();
        for (TenantEntry tenant : image.allTenants()) {
            save(tenant);
        }
        for (Map.Entry<QuotaScope, Quota> quota : image.quotas().entrySet()) {
            tables.setQuota(QuotaTable.Key.of(quota.getKey()), quota.getValue());
        }
        tables.commitAs(changeCount);
    }

    private void save(TenantEntry entry) throws SQLException {
        tables.insert(entry.tenant, entry.ordinal);
        for (DatabaseEntry database : entry.databases.all()) {
            save(database);
        }
    }

    private void save(DatabaseEntry entry) throws SQLException {
        tables.insert(entry.database, entry.ordinal);
        for (CollectionEntry collection : entry.collections.all()) {
            save(collection, entry.database.id());
        }
    }

    private void save(CollectionEntry entry, UUID database) throws SQLException {
        CollectionId id = entry.collection.id();
        CollectionId root = image.root(id);
        if (root.equals(id)) {
            tables.insert(entry.collection, entry.manifest, database, entry.ordinal);
        } else {
            tables.insertFork(entry.collection, entry.manifest, root, database, entry.ordinal);
        }
    }
}
