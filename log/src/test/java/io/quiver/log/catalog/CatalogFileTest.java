package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.done;
import static io.quiver.log.catalog.Answers.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogFileTest {
    @TempDir
    Path directory;

    @Test
    void everythingIsFoundAgainAfterARestart() throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.verify(catalog);
        }
    }

    /** As a server of that version left it. */
    private void putGolden(int version) throws IOException {
        try (InputStream golden = CatalogFileTest.class.getResourceAsStream("/catalog/v%d.db".formatted(version))) {
            Files.copy(Objects.requireNonNull(golden), directory.resolve(CatalogFiles.NAME));
        }
        assertEquals(List.of(), SqliteCatalog.check(directory).problems());
    }

    @Test
    void theCatalogOfTheFirstVersionOpensForEver() throws IOException {
        putGolden(1);
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.verify(catalog);
            get(catalog.createTenant("one-more"));
        }
        assertEquals(List.of(), SqliteCatalog.check(directory).problems());
    }

    @Test
    void theCatalogOfTheSecondVersionOpensForEver() throws IOException {
        putGolden(2);
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.verify(catalog);
            GoldenCatalog.verifyFork(catalog);
        }
    }

    @Test
    void theCatalogOfTheThirdVersionOpensForEver() throws IOException {
        putGolden(3);
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.verify(catalog);
            GoldenCatalog.verifyFork(catalog);
            GoldenCatalog.verifyLimit(catalog);
        }
    }

    @Test
    void theCatalogOfTheFourthVersionOpensForEver() throws IOException {
        putGolden(4);
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.verify(catalog);
            GoldenCatalog.verifyFork(catalog);
            GoldenCatalog.verifyLimit(catalog);
        }
    }

    @Test
    void forksAreCountedAgainAfterARestart() throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
            GoldenCatalog.fork(catalog);
            GoldenCatalog.verifyFork(catalog);
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.verifyFork(catalog);
            get(catalog.deleteDatabase("Acme & Söhne", "docs").thenReturn(true));
        }
        assertEquals(List.of(), SqliteCatalog.check(directory).problems());
    }

    @Test
    void whatWasAcknowledgedIsInTheFilesAtOnce(@TempDir Path copy) throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
            // As kill -9 would leave them: nothing was closed.
            for (String name : List.of(CatalogFiles.NAME, CatalogFiles.NAME + "-wal")) {
                Files.copy(directory.resolve(name), copy.resolve(name));
            }
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(copy)) {
            GoldenCatalog.verify(catalog);
        }
    }

    @Test
    void commitsAreForced() throws IOException, SQLException {
        try (Connection connection = CatalogFile.open(directory.resolve(CatalogFiles.NAME))) {
            assertEquals("wal", pragma(connection, "journal_mode"));
            assertEquals("2", pragma(connection, "synchronous"));
            assertEquals("1", pragma(connection, "foreign_keys"));
            assertEquals("5000", pragma(connection, "busy_timeout"));
        }
    }

    @Test
    void aDeletedDefaultDatabaseDoesNotComeBack() throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            done(catalog.deleteDatabase(Tenant.DEFAULT, Database.DEFAULT));
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertEquals(List.of(), get(catalog.databases(Tenant.DEFAULT, 10, 0)));
        }
    }

    @Test
    void aResetIsDurable() throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
            done(catalog.reset());
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertEquals(List.of(), get(catalog.allCollections()));
            assertEquals(
                    Database.DEFAULT_ID,
                    get(catalog.database(Tenant.DEFAULT, Database.DEFAULT)).id());
        }
    }

    @Test
    void metadataComesBackAsItWasToTheLastBit() throws IOException {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        fields.put("int", new MetadataValue.Int(Long.MIN_VALUE));
        fields.put("one", new MetadataValue.Int(1));
        fields.put("real one", new MetadataValue.Real(1));
        fields.put("small", new MetadataValue.Real(Double.MIN_VALUE));
        fields.put("large", new MetadataValue.Real(-Double.MAX_VALUE));
        fields.put("minus zero", new MetadataValue.Real(-0.0));
        fields.put("bool", new MetadataValue.Bool(false));
        fields.put("text", new MetadataValue.Text("a\"b\\c\n\u0000\uD83C\uDFF9 unpaired \uD800"));
        fields.put("array", new MetadataValue.Array(List.of(new MetadataValue.Real(2), new MetadataValue.Real(2.5))));
        fields.put("nothing", new MetadataValue.Array(List.of()));
        fields.put("key \uD83C\uDFF9 \uD800", new MetadataValue.Int(0));
        Metadata metadata = new Metadata(fields);
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            get(catalog.createCollection(
                    NewCollection.read(Tenant.DEFAULT, Database.DEFAULT, "books", null, null, metadata), false));
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            Metadata found = Objects.requireNonNull(
                    get(catalog.allCollections()).getFirst().metadata());
            assertEquals(metadata, found);
            assertEquals(
                    List.copyOf(fields.keySet()), List.copyOf(found.fields().keySet()));
        }
    }

    @Test
    void aFileOfANewerVersionIsRefusedAndLeftAlone() throws IOException, SQLException {
        SqliteCatalog.open(directory).close();
        execute("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                + " execution_time, success) VALUES (9, '5', 'x', 'SQL', 'V5__x.sql', '', 0, 1)");
        execute("UPDATE changes SET change_count = change_count + 1");
        Path file = directory.resolve(CatalogFiles.NAME);
        byte[] before = Files.readAllBytes(file);
        IOException refusal = assertThrows(IOException.class, () -> SqliteCatalog.open(directory));
        assertEquals(
                "the catalog " + file + " has version 5, made by a newer Quiver; this one knows up to 4",
                refusal.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(0, Files.size(directory.resolve(CatalogFiles.NAME + "-wal")));
        assertEquals(
                List.of("the catalog has version 5, not one of 1 to 4"),
                SqliteCatalog.check(directory).problems());
    }

    @Test
    void theVersionIsThatOfTheNewestScript() throws IOException, SQLException {
        try (Connection connection = CatalogFile.open(directory.resolve(CatalogFiles.NAME))) {
            assertEquals(CatalogFile.VERSION, CatalogFile.version(connection));
        }
    }

    @Test
    void aFileThatIsNoCatalogIsRefused() throws IOException {
        Files.writeString(directory.resolve(CatalogFiles.NAME), "something else entirely".repeat(100));
        IOException refusal = assertThrows(IOException.class, () -> SqliteCatalog.open(directory));
        assertTrue(
                String.valueOf(refusal.getMessage())
                        .startsWith("cannot open the catalog " + directory.resolve(CatalogFiles.NAME)),
                refusal.getMessage());
        assertEquals(1, SqliteCatalog.check(directory).problems().size());
    }

    @Test
    void aRowThatWasChangedFromOutsideIsNamed() throws IOException, SQLException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
        }
        Files.delete(directory.resolve(CatalogFiles.COPY));
        String collection = idOfPublished();
        execute("UPDATE manifests SET segments_json = '[{' WHERE version = 2");
        IOException refusal = assertThrows(IOException.class, () -> SqliteCatalog.open(directory));
        assertEquals(
                "cannot open the catalog %s: the row %s of manifests is not as it was written"
                        .formatted(directory.resolve(CatalogFiles.NAME), collection),
                refusal.getMessage());
    }

    @Test
    void aCheckFindsNothingInAWholeCatalogAndGivesItsManifests() throws IOException {
        assertEquals(
                List.of("there is no catalog " + directory.resolve(CatalogFiles.NAME)),
                SqliteCatalog.check(directory).problems());
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
        }
        Path file = directory.resolve(CatalogFiles.NAME);
        byte[] before = Files.readAllBytes(file);
        CatalogCheck check = SqliteCatalog.check(directory);
        assertEquals(List.of(), check.problems());
        assertEquals(3, check.collections().size());
        assertTrue(check.manifests().values().stream()
                .anyMatch(manifest -> manifest.compactedOffset().equals(new LogOffset(42))));
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void aCheckWorksBesideARunningServer() throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
            CatalogCheck check = SqliteCatalog.check(directory);
            assertEquals(List.of(), check.problems());
            assertEquals(3, check.collections().size());
            get(catalog.createTenant("one-more"));
        }
    }

    @Test
    void aCheckFindsRowsThatBelongToNothing() throws IOException, SQLException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
        }
        execute("DELETE FROM collections WHERE name = 'books'");
        assertEquals(
                List.of("row 1 of manifests belongs to a row of collections that is not there"),
                SqliteCatalog.check(directory).problems());
    }

    @Test
    void aCheckFindsWhatCannotBeRead() throws IOException, SQLException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
        }
        for (String damage : List.of(
                "DELETE FROM manifests WHERE version = 2",
                "UPDATE collections SET schema_json = '{}' WHERE name = 'books'",
                "UPDATE collections SET metadata_json = '{\"x\":null}' WHERE name = 'books'",
                "UPDATE collections SET id = 'x' || substr(id, 2) WHERE name = 'movies'")) {
            Path damaged = directory.resolve("damaged");
            Files.createDirectories(damaged);
            Files.copy(directory.resolve(CatalogFiles.NAME), damaged.resolve(CatalogFiles.NAME));
            execute(damaged, damage);
            assertFalse(SqliteCatalog.check(damaged).problems().isEmpty(), damage);
            Files.delete(damaged.resolve(CatalogFiles.NAME));
        }
    }

    @Test
    void aCheckFindsFlippedBytes() throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(catalog);
        }
        Path file = directory.resolve(CatalogFiles.NAME);
        byte[] bytes = Files.readAllBytes(file);
        // The header of every page but the first, whose damage is another message.
        for (int page = 4_096; page < bytes.length; page += 4_096) {
            bytes[page] ^= 0x55;
        }
        Files.write(file, bytes);
        assertFalse(SqliteCatalog.check(directory).problems().isEmpty());
    }

    private String idOfPublished() throws IOException {
        return SqliteCatalog.check(directory).manifests().entrySet().stream()
                .filter(manifest -> manifest.getValue().version() == 2)
                .findFirst()
                .orElseThrow()
                .getKey()
                .toString();
    }

    private void execute(String sql) throws SQLException {
        execute(directory, sql);
    }

    private static void execute(Path directory, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(CatalogFiles.NAME));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = OFF");
            assertEquals(1, statement.executeUpdate(sql));
        }
    }

    private static String pragma(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            assertTrue(row.next());
            return row.getString(1);
        }
    }
}
