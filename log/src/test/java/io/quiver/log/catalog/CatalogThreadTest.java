package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.DoubtfulException;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

class CatalogThreadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long HEAL_EVERY_NANOS = 200_000_000;

    @TempDir
    Path directory;

    private Connection connection;
    private CatalogImage image;
    private CatalogThread thread;

    @BeforeEach
    void open() throws IOException, SQLException {
        CatalogFiles files = new CatalogFiles(directory);
        CatalogFiles.Ready ready = files.open();
        connection = ready.connection();
        image = new CatalogTables(connection).load();
        OpenFiles open = new OpenFiles(files, ready, new FoundDamage(List.of()));
        thread = new CatalogThread(open, new CatalogEvents(), () -> image);
    }

    @AfterEach
    void close() {
        thread.close();
    }

    @Test
    void aFullDiskRefusesWhatDoesNotFitAndNothingElse() {
        // What SQLite is allowed to use of the disk: what it has and a little more.
        execute("PRAGMA max_page_count = 20");
        refused(ErrorCode.STORAGE_FULL, "The catalog's disk is full", insert("x".repeat(1_000_000), 3));
        assertEquals("small", get(insert("small", 3)));
    }

    @Test
    void anotherProcessMayWriteBetweenChanges() throws IOException, SQLException {
        get(insert("acme", 3));
        try (Connection other = CatalogFile.open(directory.resolve(CatalogFiles.NAME))) {
            new CatalogTables(other).insert(new Tenant("other", null), 4);
        }
        assertEquals("last", get(insert("last", 5)));
    }

    @Test
    void aRefusedTransactionLeavesNothing() throws IOException {
        Mono<String> half = thread.change(() -> {
            thread.commit(tables -> {
                tables.insert(new Tenant("half", null), 3);
                throw new IllegalStateException("a bug");
            });
            return "";
        });
        assertThrows(IllegalStateException.class, half::block);
        get(insert("whole", 3));
        thread.close();
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertEquals("whole", get(catalog.tenant("whole")).name());
            refused(ErrorCode.NOT_FOUND, "Tenant [half] not found", catalog.tenant("half"));
        }
    }

    @Test
    void afterAFailureBothFilesAreWrittenAnew() throws IOException {
        get(insert("before", 3));
        execute("ALTER TABLE tenants RENAME TO elsewhere");
        refused(
                ErrorCode.UNAVAILABLE,
                "The catalog cannot be changed since writing failed: [SQLITE_ERROR] SQL error or"
                        + " missing database (no such table: tenants)",
                insert("refused", 4));
        awaitHealed();
        assertHealed();
    }

    private void assertHealed() throws IOException {
        thread.close();
        FileState first = FileState.of(directory.resolve(CatalogFiles.NAME));
        assertInstanceOf(FileState.Sound.class, first);
        assertEquals(first, FileState.of(directory.resolve(CatalogFiles.COPY)));
        assertFalse(Files.exists(directory.resolve(CatalogFiles.DRAFT)));
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertEquals(List.of(), catalog.mended());
            assertEquals("before", get(catalog.tenant("before")).name());
            assertEquals("healed", get(catalog.tenant("healed")).name());
            refused(ErrorCode.NOT_FOUND, "Tenant [refused] not found", catalog.tenant("refused"));
        }
    }

    /** The second could not be written before, and the first has a change that was answered with an error. */
    @Test
    void healsWhereNeitherFileHasWhatMemoryHas() throws IOException, SQLException {
        Path held = Files.createDirectories(directory.resolve(CatalogFiles.COPY + ".new/held"));
        breakSecond();
        get(insert("before", 3));
        assertFalse(Files.exists(directory.resolve(CatalogFiles.COPY)));
        assertThrows(DoubtfulException.class, () -> insertInDoubt("refused").block());
        assertEquals(new FileState.Sound(3), FileState.of(directory.resolve(CatalogFiles.NAME)));
        assertThrows(QuiverException.class, () -> insert("healed", 4).block());
        Files.delete(held);
        awaitHealed();
        assertHealed();
    }

    /** Each thing that is in the way lets healing come a little further; then it goes on where nothing is. */
    @Test
    void healingThatStoppedIsTriedAgain() throws IOException, SQLException {
        breakSecond();
        get(insert("before", 3));
        assertThrows(DoubtfulException.class, () -> insertInDoubt("refused").block());
        for (String name : List.of(
                CatalogFiles.DRAFT,
                CatalogFiles.NAME + ".new",
                CatalogFiles.COPY + ".new",
                CatalogFiles.COPY,
                CatalogFiles.COPY + "-wal")) {
            Path inTheWay = directory.resolve(name);
            Path held = Files.createDirectories(inTheWay.resolve("held"));
            long end = System.nanoTime() + 2 * HEAL_EVERY_NANOS;
            while (System.nanoTime() < end) {
                assertThrows(QuiverException.class, () -> insert("healed", 4).block(), name);
            }
            assertFoundByAStart("before", name);
            Files.delete(held);
            Files.delete(inTheWay);
        }
        awaitHealed();
        assertHealed();
    }

    /** As the process would leave it now. */
    private void assertFoundByAStart(String tenant, String where) throws IOException {
        Path left = directory.resolve("left");
        CatalogState.of(directory).putInto(left);
        try (SqliteCatalog catalog = SqliteCatalog.open(left)) {
            assertEquals(tenant, get(catalog.tenant(tenant)).name(), where);
        }
    }

    /** The next change deletes it. */
    private void breakSecond() throws IOException, SQLException {
        try (Connection other = CatalogFile.open(directory.resolve(CatalogFiles.COPY));
                Statement statement = other.createStatement()) {
            statement.execute("ALTER TABLE changes RENAME TO elsewhere");
        }
    }

    /** The first file has it, and its disk says that it has not. */
    private Mono<String> insertInDoubt(String tenant) {
        return thread.change(() -> {
            thread.commit(tables -> {
                tables.insert(new Tenant(tenant, null), 4);
                tables.commit();
                throw new SQLException("the force failed");
            });
            return tenant;
        });
    }

    private void awaitHealed() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                insert("healed", 4).block();
                return;
            } catch (QuiverException refusal) {
                assertTrue(System.nanoTime() < end, refusal.toString());
            }
        }
    }

    private Mono<String> insert(String tenant, long ordinal) {
        return thread.change(() -> {
            Tenant inserted = new Tenant(tenant, null);
            thread.commit(tables -> tables.insert(inserted, ordinal));
            image.put(inserted, ordinal);
            return tenant;
        });
    }

    /** On the thread to which the connection belongs. */
    private void execute(String sql) {
        get(thread.change(() -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
            return sql;
        }));
    }
}
