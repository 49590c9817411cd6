package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * What memory has is all that a file has: a file written of it is the same in every column of every row of every table,
 * those that a later version adds included.
 */
class CatalogSaveTest {
    private static final int CHANGES = 300;
    private static final int NAMES = 5;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int made;

    @Test
    void aCatalogWithSomethingOfEverythingIsTheSame() throws Exception {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertTheSame(catalog, "an empty catalog");
            GoldenCatalog.fill(catalog);
            GoldenCatalog.fork(catalog);
            GoldenCatalog.limit(catalog);
            Map<String, List<String>> tables = assertTheSame(catalog, "as it was filled");
            tables.forEach((name, rows) -> assertTrue(rows.size() > 1, "nothing is in " + name));
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertTheSame(catalog, "as it was read");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void catalogsOfEveryVersionAreTheSame(int version) throws Exception {
        try (InputStream golden = CatalogSaveTest.class.getResourceAsStream("/catalog/v%d.db".formatted(version))) {
            Files.copy(Objects.requireNonNull(golden), directory.resolve(CatalogFiles.NAME));
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertTheSame(catalog, "version " + version);
        }
    }

    @Test
    void aCatalogIsTheSameAfterAnyChanges() throws Exception {
        System.out.printf("seed %d%n", seed);
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            for (int i = 1; i <= CHANGES; i++) {
                change(catalog, random.nextInt(100)).onErrorComplete().block();
                if (i % 20 == 0) {
                    assertTheSame(catalog, "seed %d, change %d".formatted(seed, i));
                }
            }
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertTheSame(catalog, "seed %d, read".formatted(seed));
        }
    }

    /** Some are refused, for what they name is not there. */
    private Mono<?> change(SqliteCatalog catalog, int kind) {
        if (kind < 30) {
            return make(catalog);
        }
        if (kind < 95) {
            return changeOne(catalog, kind);
        }
        return kind < 99 ? catalog.deleteDatabase(tenant(), name()) : catalog.reset();
    }

    private Mono<?> make(SqliteCatalog catalog) {
        return switch (random.nextInt(4)) {
            case 0 -> catalog.createTenant(tenant());
            case 1 -> catalog.setResourceName(tenant(), "resource-" + made++);
            case 2 -> catalog.createDatabase(tenant(), name());
            default ->
                catalog.createCollection(
                        NewCollection.read(
                                tenant(), name(), name(), null, null, random.nextBoolean() ? metadata() : null),
                        false);
        };
    }

    private Mono<?> changeOne(SqliteCatalog catalog, int kind) {
        List<Collection> all = get(catalog.allCollections());
        if (all.isEmpty()) {
            return catalog.createCollection(NewCollection.of(Tenant.DEFAULT, Database.DEFAULT, name(), Space.L2), true);
        }
        Collection one = all.get(random.nextInt(all.size()));
        return switch (kind % 8) {
            case 0 -> catalog.changeCollection(one.id(), new CollectionChange(name(), metadata(), null));
            case 1 -> catalog.fixDimension(one.id(), 1 + random.nextInt(100));
            case 2 -> catalog.noteKeys(one.id(), metadata().fields());
            case 3 -> catalog.fork(one.id(), CollectionId.random(), name(), manifest(1));
            case 4 ->
                catalog.publish(
                        one.id(), manifest(get(catalog.manifest(one.id())).version() + 1));
            case 5 -> catalog.setQuota(QuotaScope.around(one).get(random.nextInt(3)), quota());
            case 6 -> catalog.deleteCollection(one.tenant(), one.database(), one.name());
            default -> catalog.publish(one.id(), manifest(99_999));
        };
    }

    private String tenant() {
        return random.nextBoolean() ? Tenant.DEFAULT : "tenant-" + random.nextInt(NAMES);
    }

    private String name() {
        return random.nextBoolean() ? Database.DEFAULT : "name-" + random.nextInt(NAMES);
    }

    private Metadata metadata() {
        return new Metadata(Map.of("key-" + random.nextInt(NAMES), new MetadataValue.Int(random.nextLong())));
    }

    private Quota quota() {
        return random.nextBoolean() ? Quota.NONE : new Quota(Map.of(Quota.Resource.RECORDS, random.nextLong(1_000)));
    }

    private Manifest manifest(long version) {
        Manifest.Segment segment =
                new Manifest.Segment("segment-" + made++, 7, 4_711, random.nextBoolean() ? "gone" : null, 3);
        return new Manifest(version, new LogOffset(random.nextLong(1_000)), List.of(segment));
    }

    /** Returns what the tables have. */
    private Map<String, List<String>> assertTheSame(SqliteCatalog catalog, String where) throws Exception {
        Path written = Files.createTempDirectory(directory, "written");
        CatalogFiles files = new CatalogFiles(written);
        try (Connection original = CatalogFile.openReadOnly(directory.resolve(CatalogFiles.NAME))) {
            long changes = new CatalogTables(original).changeCount();
            files.writeAnew(catalog.image(), changes);
            files.putAnew(changes).close();
            Map<String, List<String>> tables = tables(original);
            for (String file : CatalogState.FILES) {
                try (Connection copy = CatalogFile.openReadOnly(written.resolve(file))) {
                    assertEquals(tables, tables(copy), where);
                }
                assertEquals(new FileState.Sound(changes), FileState.of(written.resolve(file)), where);
            }
            return tables;
        }
    }

    /** Every row as text, by table; and the tables themselves. */
    private static Map<String, List<String>> tables(Connection connection) throws SQLException {
        SqlStatements statements = new SqlStatements(connection);
        Map<String, List<String>> tables = new TreeMap<>();
        statements.query(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table'",
                row -> tables.put(row.getString(1), new ArrayList<>(List.of(row.getString(2)))));
        for (Map.Entry<String, List<String>> table : tables.entrySet()) {
            addRows(statements, table.getKey(), table.getValue());
        }
        return tables;
    }

    private static void addRows(SqlStatements statements, String table, List<String> rows) throws SQLException {
        statements.query("SELECT * FROM " + table, row -> {
            StringBuilder values = new StringBuilder();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                String column = row.getMetaData().getColumnName(i);
                // When and how fast the scripts ran.
                if (!column.equals("installed_on") && !column.equals("execution_time")) {
                    values.append(column).append('=').append(row.getString(i)).append('\n');
                }
            }
            rows.add(values.toString());
        });
        rows.sort(null);
    }
}
