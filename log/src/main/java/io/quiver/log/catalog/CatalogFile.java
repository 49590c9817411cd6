package io.quiver.log.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * The SQLite file {@code catalog.db}: how it is opened, and brought to the tables of this version by the scripts in
 * {@code db/migration}.
 *
 * <p>A write-ahead log that is forced at every commit: what was acknowledged survives the process and the machine.
 */
final class CatalogFile {
    static final String NAME = "catalog.db";

    /** The newest script; a file of a newer one is refused before it is touched. */
    static final int VERSION = 3;

    /** Another process may be reading, a backup for one; beyond this it is in the way. */
    private static final int BUSY_MS_MAX = 5_000;

    private CatalogFile() {}

    /** Opens the catalog of a directory, making it where there is none. The caller closes the connection. */
    static Connection open(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        try {
            SQLiteDataSource source = source(file, writing());
            // Most files need no script; not to ask Flyway saves about a quarter of a second of every start.
            if (knownVersion(file) < VERSION) {
                migrate(source);
            }
            return source.getConnection();
        } catch (SQLException | FlywayException e) {
            throw new IOException("cannot open the catalog %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Opens an existing catalog so that nothing can be changed. The caller closes the connection. */
    static Connection openReadOnly(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MS_MAX);
        return source(file, config).getConnection();
    }

    /** The version that the scripts have brought the file to, 0 where none ran. */
    static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet history = statement.executeQuery(
                    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'flyway_schema_history'")) {
                if (!history.next()) {
                    return 0;
                }
            }
            try (ResultSet newest = statement.executeQuery(
                    "SELECT MAX(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success")) {
                return newest.next() ? newest.getInt(1) : 0;
            }
        }
    }

    /** Closes a connection that turned out to be of no use; returns what to throw. */
    static IOException closedAfter(Connection connection, Path directory, Exception cause) {
        try {
            connection.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        return new IOException(
                "cannot read the catalog %s: %s".formatted(directory.resolve(NAME), cause.getMessage()), cause);
    }

    /** Looks without touching; throws {@link IOException} for a version that only a newer program knows. */
    private static int knownVersion(Path file) throws IOException, SQLException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return 0;
        }
        try (Connection connection = openReadOnly(file)) {
            int version = version(connection);
            if (version > VERSION) {
                throw new IOException("the catalog %s has version %d, made by a newer Quiver; this one knows up to %d"
                        .formatted(file, version, VERSION));
            }
            return version;
        }
    }

    private static void migrate(SQLiteDataSource source) {
        Flyway.configure(CatalogFile.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:db/migration")
                .failOnMissingLocations(true)
                .cleanDisabled(true)
                .loggers("slf4j")
                .load()
                .migrate();
    }

    private static SQLiteDataSource source(Path file, SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    private static SQLiteConfig writing() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MS_MAX);
        config.enforceForeignKeys(true);
        return config;
    }
}
