package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Reads everything that the tables of a catalog have.
 *
 * @param version of the file, which may be an older one
 */
record CatalogLoad(SqlStatements statements, int version) {
    /** The version of the file that has the table of forks first. */
    private static final int FORKS_SINCE = 2;

    /** The version of the file that has the table of quotas first. */
    private static final int QUOTAS_SINCE = 3;

    /** A row that makes no sense fails it, and is named in the message. */
    CatalogImage image() throws SQLException {
        CatalogImage image = new CatalogImage();
        statements.query(
                "SELECT name, ordinal, resource_name FROM tenants",
                row -> image.put(new Tenant(row.getString(1), row.getString(3)), row.getLong(2)));
        statements.query(
                "SELECT id, ordinal, tenant, name FROM databases",
                row -> image.put(
                        new Database(UUID.fromString(row.getString(1)), row.getString(4), row.getString(3)),
                        row.getLong(2)));
        loadCollections(image);
        if (version >= FORKS_SINCE) {
            statements.query(
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
        statements.query(
                "SELECT tenant, database_name, collection_id, resource, most FROM quotas",
                row -> table.add(
                        new QuotaTable.Key(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4),
                        row.getLong(5)));
        table.quotas().forEach(image::setQuota);
    }

    private void loadCollections(CatalogImage image) throws SQLException {
        Map<String, Schema> schemas = new HashMap<>();
        statements.query(
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
}
