package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

class CatalogThreadTest {
    @TempDir
    Path directory;

    private Connection connection;
    private CatalogThread thread;

    @BeforeEach
    void open() throws IOException {
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
    void afterAFailureNothingIsChangedUntilARestart() throws IOException {
        execute("ALTER TABLE tenants RENAME TO elsewhere");
        assertThrows(IllegalStateException.class, () -> insert("acme", 3).block());
        execute("ALTER TABLE elsewhere RENAME TO tenants");
        refused(
                ErrorCode.UNAVAILABLE,
                "The catalog cannot be changed until a restart, since writing failed: [SQLITE_ERROR] SQL error or"
                        + " missing database (no such table: tenants)",
                insert("acme", 3));
        thread.close();
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            assertEquals("acme", get(catalog.createTenant("acme")).name());
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
