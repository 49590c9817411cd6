package io.quiver.log.catalog;

import io.quiver.log.catalog.RowSums.Table;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The catalog's tables, one statement a method. Belongs to the thread of its connection.
 *
 * <p>Transactions are begun and ended in SQL: the driver's own bookkeeping goes wrong when SQLite rolls back by itself, as
 * it does when the disk is full.
 */
final class CatalogTables {
    /** The version of the file that has the table of forks first. */
    private static final int FORKS_SINCE = 2;

    /** The version of the file that has the table of quotas first. */
    private static final int QUOTAS_SINCE = 3;

    private final Connection connection;
    private final RowSums sums;

    CatalogTables(Connection connection) {
        this.connection = connection;
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

    void insert(Collection collection, UUID database, long ordinal) throws SQLException {
        insert(collection, Manifest.EMPTY, database, ordinal);
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

    private void insert(Collection collection, Manifest manifest, UUID database, long ordinal) throws SQLException {
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
        query("SELECT change_count FROM changes", row -> count[0] = row.getLong(1));
        return count[0];
    }

    /** Writes all into a new file. Not within a transaction. */
    void copyTo(Path file) throws SQLException {
        try (PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, file.toString());
            copy.executeUpdate();
        }
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
        CatalogImage image = new CatalogImage();
        query(
                "SELECT name, ordinal, resource_name FROM tenants",
                row -> image.put(new Tenant(row.getString(1), row.getString(3)), row.getLong(2)));
        query(
                "SELECT id, ordinal, tenant, name FROM databases",
                row -> image.put(
                        new Database(UUID.fromString(row.getString(1)), row.getString(4), row.getString(3)),
                        row.getLong(2)));
        loadCollections(image);
        if (version >= FORKS_SINCE) {
            query(
                    "SELECT collection_id, root_id FROM forks",
                    row -> image.putFork(CollectionId.parse(row.getString(1)), CollectionId.parse(row.getString(2))));
        }
        if (version >= QUOTAS_SINCE) {
            loadQuotas(image);
        }
        return image;
    }

    private void loadQuotas(CatalogImage image) throws SQLException {
        QuotaTable table = new QuotaTable();
        query(
                "SELECT tenant, database_name, collection_id, resource, most FROM quotas",
                row -> table.add(
                        new QuotaTable.Key(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4),
                        row.getLong(5)));
        table.quotas().forEach(image::setQuota);
    }

    private void loadCollections(CatalogImage image) throws SQLException {
        Map<String, Schema> schemas = new HashMap<>();
        query(
                "SELECT c.id, c.ordinal, d.tenant, d.name, c.name, c.version, c.dimension, c.schema_json,"
                        + " c.metadata_json, m.version, m.compacted_offset, m.segments_json"
                        + " FROM collections c JOIN databases d ON d.id = c.database_id"
                        + " LEFT JOIN manifests m ON m.collection_id = c.id",
                row -> {
                    try {
                        // Most collections have the same schema: they share one.
                        Schema schema = schemas.computeIfAbsent(row.getString(8), SchemaJson::readStored);
                        image.put(readCollection(row, schema), readManifest(row), row.getLong(2));
                    } catch (RuntimeException e) {
                        throw new SQLException("collection %s: %s".formatted(row.getString(1), e.getMessage()), e);
                    }
                });
    }

    private static Collection readCollection(ResultSet row, Schema schema) throws SQLException {
        String metadata = row.getString(9);
        int dimension = row.getInt(7);
        boolean isFixed = !row.wasNull();
        return new Collection(
                CollectionId.parse(row.getString(1)),
                row.getString(5),
                row.getString(3),
                row.getString(4),
                schema.configuration(),
                schema,
                metadata == null ? null : MetadataJson.read(metadata),
                isFixed ? dimension : null,
                row.getInt(6));
    }

    private static Manifest readManifest(ResultSet row) throws SQLException {
        String segments = row.getString(12);
        if (segments == null) {
            throw new IllegalArgumentException("it has no manifest");
        }
        return new Manifest(row.getLong(10), new LogOffset(row.getLong(11)), SegmentsJson.read(segments));
    }

    private static @Nullable String metadataJson(Collection collection) {
        return collection.metadata() == null ? null : MetadataJson.write(collection.metadata());
    }

    private int execute(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                bind(statement, i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.VARCHAR);
        } else {
            statement.setObject(index, value);
        }
    }

    private void query(String sql, RowReader reader) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }

    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }
}
