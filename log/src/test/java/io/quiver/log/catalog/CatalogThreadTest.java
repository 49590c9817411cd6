package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    private CatalogThread thread;

    @BeforeEach
    void open() throws IOException, SQLException {
        CatalogFiles files = new CatalogFiles(directory);
        CatalogFiles.Ready ready = files.open();
        connection = ready.connection();
        thread = new CatalogThread(new OpenFiles(files, ready, new FoundDamage(List.of())), new CatalogEvents());
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
    void afterAFailureBothFilesAreWrittenAnewFromTheOneThatIsRight() throws IOException {
        get(insert("before", 3));
        execute("ALTER TABLE tenants RENAME TO elsewhere");
        refused(
                ErrorCode.UNAVAILABLE,
                "The catalog cannot be changed since writing failed: [SQLITE_ERROR] SQL error or"
                        + " missing database (no such table: tenants)",
                insert("refused", 4));
        awaitHealed();
        thread.close();
        for (String file : List.of(CatalogFiles.NAME, CatalogFiles.COPY)) {
            assertInstanceOf(FileState.Sound.class, FileState.of(directory.resolve(file)), file);
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertEquals(List.of(), catalog.mended());
            assertEquals("before", get(catalog.tenant("before")).name());
            assertEquals("healed", get(catalog.tenant("healed")).name());
            refused(ErrorCode.NOT_FOUND, "Tenant [refused] not found", catalog.tenant("refused"));
        }
    }

    @Test
    void withoutAFileThatHasWhatMemoryHasNothingIsChanged() throws IOException {
        execute("ALTER TABLE tenants RENAME TO elsewhere");
        assertThrows(QuiverException.class, () -> insert("refused", 3).block());
        Files.delete(directory.resolve(CatalogFiles.COPY));
        long end = System.nanoTime() + 2 * HEAL_EVERY_NANOS;
        while (System.nanoTime() < end) {
            assertThrows(QuiverException.class, () -> insert("refused", 3).block());
        }
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
            thread.commit(tables -> tables.insert(new Tenant(tenant, null), ordinal));
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
