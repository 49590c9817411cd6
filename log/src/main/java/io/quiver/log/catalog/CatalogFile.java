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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * A SQLite file of the catalog: how it is opened, and brought to the tables of this version by the scripts in
 * {@code db/migration}. {@link CatalogFiles} says which files there are.
 *
 * <p>A write-ahead log that is forced at every commit: what was acknowledged survives the process and the machine.
 */
final class CatalogFile {
    /** The newest script; a file of a newer one is refused before it is touched. */
    static final int VERSION = 4;

    /** Beside a new file until it has a write-ahead log. */
    static final String JOURNAL = "-journal";

    /** Another process may be reading, a backup for one; beyond this it is in the way. */
    private static final int BUSY_MS_MAX = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(CatalogFile.class);

    private CatalogFile() {}

    /**
     * Opens a file, making it where there is none, and runs the scripts that it lacks. The caller closes the
     * connection.
     */
    static Connection open(Path file) throws IOException {
        try {
            SQLiteDataSource source = source(file, writing());
            // Most files need no script; not to ask Flyway saves about a quarter of a second of every start.
            if (knownVersion(file) < VERSION) {
                migrate(source);
            }
            Connection connection = source.getConnection();
            new CatalogTables(connection).sumFirst();
            return connection;
        } catch (SQLException | FlywayException e) {
            throw new IOException("cannot open the catalog %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /**
     * Takes back what the making of a file left half way when its process ended: only who may write can, and until then
     * nobody can read it. Where that fails, reading it tells why.
     */
    static void rollBack(Path file) {
        if (!Files.exists(file.resolveSibling(file.getFileName() + JOURNAL))) {
            return;
        }
        try (Connection connection = source(file, new SQLiteConfig()).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1 FROM sqlite_master");
        } catch (SQLException e) {
            LOG.warn("What was left half way of {} cannot be taken back", file, e);
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

    private static int knownVersion(Path file) throws IOException, SQLException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return 0;
        }
        try (Connection connection = openReadOnly(file)) {
            return version(connection);
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
