package io.quiver.log.catalog;

import io.quiver.log.catalog.RowSums.Table;
import io.quiver.log.record.CollectionId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The catalog's tables, one statement a method. Belongs to the thread of its connection.
 *
 * <p>Transactions are begun and ended in SQL: the driver's own bookkeeping goes wrong when SQLite rolls back by itself,
 * as it does when the disk is full.
 */
final class CatalogTables {
    private final SqlStatements statements;
    private final RowSums sums;

    CatalogTables(Connection connection) {
        this.statements = new SqlStatements(connection);
        this.sums = new RowSums(connection);
    }

    /** With the lock for writing at once, so that no statement in between can fail for want of it. */
    void begin() throws SQLException {
        execute("BEGIN IMMEDIATE");
    }

    /** Counted: of two files with the same changes the one with the higher count has more of them. */
    void commit() throws SQLException {
        execute("UPDATE changes SET change_count = change_count + 1");
        execute("COMMIT");
    }

    /** As the state after so many changes. */
    void commitAs(long changeCount) throws SQLException {
        execute("UPDATE changes SET change_count = ?", changeCount);
        execute("COMMIT");
    }

    /** Fails where SQLite has rolled back already. */
    void rollback() throws SQLException {
        execute("ROLLBACK");
    }

    void insert(Tenant tenant, long ordinal) throws SQLException {
        execute(
                "INSERT INTO tenants (name, ordinal, resource_name) VALUES (?, ?, ?)",
                tenant.name(),
                ordinal,
                tenant.resourceName());
        sums.set(Table.TENANTS, tenant.name());
    }

    void update(Tenant tenant) throws SQLException {
        execute("UPDATE tenants SET resource_name = ? WHERE name = ?", tenant.resourceName(), tenant.name());
        sums.set(Table.TENANTS, tenant.name());
    }

    void insert(Database database, long ordinal) throws SQLException {
        execute(
                "INSERT INTO databases (id, ordinal, tenant, name) VALUES (?, ?, ?, ?)",
                database.id().toString(),
                ordinal,
                database.tenant(),
                database.name());
        sums.set(Table.DATABASES, database.id().toString());
    }

    void insertFork(Collection fork, Manifest manifest, CollectionId root, UUID database, long ordinal)
            throws SQLException {
        insert(fork, manifest, database, ordinal);
        execute(
                "INSERT INTO forks (collection_id, root_id) VALUES (?, ?)",
                fork.id().toString(),
                root.toString());
        sums.set(Table.FORKS, fork.id().toString());
    }

    void insert(Collection collection, Manifest manifest, UUID database, long ordinal) throws SQLException {
        execute(
                "INSERT INTO collections (id, ordinal, database_id, name, version, dimension, schema_json,"
                        + " metadata_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                collection.id().toString(),
                ordinal,
                database.toString(),
                collection.name(),
                collection.version(),
                collection.dimension(),
                SchemaJson.writeStored(collection.schema()),
                metadataJson(collection));
        execute(
                "INSERT INTO manifests (collection_id, version, compacted_offset, segments_json)"
                        + " VALUES (?, ?, ?, ?)",
                collection.id().toString(),
                manifest.version(),
                manifest.compactedOffset().value(),
                SegmentsJson.write(manifest.segments()));
        sums.set(Table.COLLECTIONS, collection.id().toString());
        sums.set(Table.MANIFESTS, collection.id().toString());
    }

    void update(Collection collection) throws SQLException {
        execute(
                "UPDATE collections SET name = ?, version = ?, dimension = ?, schema_json = ?, metadata_json = ?"
                        + " WHERE id = ?",
                collection.name(),
                collection.version(),
                collection.dimension(),
                SchemaJson.writeStored(collection.schema()),
                metadataJson(collection),
                collection.id().toString());
        sums.set(Table.COLLECTIONS, collection.id().toString());
    }

    /** Whether the manifest before {@code next} was there to be replaced. */
    boolean compareAndSet(CollectionId id, Manifest next) throws SQLException {
        int replaced = execute(
                "UPDATE manifests SET version = ?, compacted_offset = ?, segments_json = ?"
                        + " WHERE collection_id = ? AND version = ?",
                next.version(),
                next.compactedOffset().value(),
                SegmentsJson.write(next.segments()),
                id.toString(),
                next.version() - 1);
        if (replaced == 1) {
            sums.set(Table.MANIFESTS, id.toString());
        }
        return replaced == 1;
    }

    /** In place of what was set before. */
    void setQuota(QuotaTable.Key key, Quota quota) throws SQLException {
        execute(
                "DELETE FROM quotas WHERE tenant = ? AND database_name = ? AND collection_id = ?",
                key.tenant(),
                key.database(),
                key.collection());
        for (Map.Entry<Quota.Resource, Long> limit : quota.most().entrySet()) {
            execute(
                    "INSERT INTO quotas (tenant, database_name, collection_id, resource, most) VALUES (?, ?, ?, ?, ?)",
                    key.tenant(),
                    key.database(),
                    key.collection(),
                    limit.getKey().name(),
                    limit.getValue());
            sums.set(
                    Table.QUOTAS,
                    key.tenant(),
                    key.database(),
                    key.collection(),
                    limit.getKey().name());
        }
    }

    void deleteCollection(CollectionId id) throws SQLException {
        execute("DELETE FROM quotas WHERE collection_id = ?", id.toString());
        execute("DELETE FROM manifests WHERE collection_id = ?", id.toString());
        execute("DELETE FROM forks WHERE collection_id = ?", id.toString());
        execute("DELETE FROM collections WHERE id = ?", id.toString());
    }

    void deleteDatabase(UUID id) throws SQLException {
        execute(
                "DELETE FROM quotas WHERE collection_id IN (SELECT id FROM collections WHERE database_id = ?)",
                id.toString());
        execute(
                "DELETE FROM quotas WHERE (tenant, database_name) IN (SELECT tenant, name FROM databases WHERE id = ?)",
                id.toString());
        execute(
                "DELETE FROM manifests WHERE collection_id IN (SELECT id FROM collections WHERE database_id = ?)",
                id.toString());
        execute(
                "DELETE FROM forks WHERE collection_id IN (SELECT id FROM collections WHERE database_id = ?)",
                id.toString());
        execute("DELETE FROM collections WHERE database_id = ?", id.toString());
        execute("DELETE FROM databases WHERE id = ?", id.toString());
    }

    void deleteAll() throws SQLException {
        execute("DELETE FROM quotas");
        execute("DELETE FROM manifests");
        execute("DELETE FROM forks");
        execute("DELETE FROM collections");
        execute("DELETE FROM databases");
        execute("DELETE FROM tenants");
    }

    /** Computes all checksums, where that has not been done. */
    void sumFirst() throws SQLException {
        if (changeCount() == 0) {
            begin();
            sums.setAll();
            commit();
        }
    }

    /**
     * Rows whose checksums are wrong, one line each.
     *
     * @param pace is told how many bytes each few rows had
     */
    List<String> wrongRows(LongConsumer pace) throws SQLException {
        return sums.wrong(pace);
    }

    long changeCount() throws SQLException {
        long[] count = {-1};
        statements.query("SELECT change_count FROM changes", row -> count[0] = row.getLong(1));
        return count[0];
    }

    /** Writes all into a new file. Not within a transaction. */
    void copyTo(Path file) throws SQLException {
        execute("VACUUM INTO ?", file.toString());
    }

    /** What the first script inserts. */
    void insertDefaults() throws SQLException {
        insert(new Tenant(Tenant.DEFAULT, null), 1);
        insert(new Database(Database.DEFAULT_ID, Database.DEFAULT, Tenant.DEFAULT), 2);
    }

    /** Reads everything; a row that makes no sense fails it, and is named in the message. */
    CatalogImage load() throws SQLException {
        return load(CatalogFile.VERSION);
    }

    /** As {@link #load()}, from the tables of an older version. */
    CatalogImage load(int version) throws SQLException {
        return new CatalogLoad(statements, version).image();
    }

    private static @Nullable String metadataJson(Collection collection) {
        return collection.metadata() == null ? null : MetadataJson.write(collection.metadata());
    }

    private int execute(String sql, @Nullable Object... values) throws SQLException {
        return statements.execute(sql, values);
    }
}
