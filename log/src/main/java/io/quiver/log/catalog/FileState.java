package io.quiver.log.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a look at one file of a catalog found; the look changes nothing. */
sealed interface FileState {
    /** What SQLite says of a machine that does not let it read; everything else it says is about the file. */
    Set<SQLiteErrorCode> NOT_OF_THE_FILE = Set.of(
            SQLiteErrorCode.SQLITE_PERM,
            SQLiteErrorCode.SQLITE_BUSY,
            SQLiteErrorCode.SQLITE_LOCKED,
            SQLiteErrorCode.SQLITE_NOMEM,
            SQLiteErrorCode.SQLITE_READONLY,
            SQLiteErrorCode.SQLITE_IOERR,
            SQLiteErrorCode.SQLITE_FULL,
            SQLiteErrorCode.SQLITE_CANTOPEN);

    /** There is no such file, or nothing in it. */
    record Missing() implements FileState {}

    /** Every page and row is as it was written. */
    record Sound(long changeCount) implements FileState {}

    /** Made by an earlier version, or its making was not finished; not looked at in detail. */
    record Older(int version) implements FileState {}

    /**
     * What says that a newer version has written it.
     *
     * @param changeCount -1 where it cannot be read
     */
    record Newer(int version, long changeCount) implements FileState {}

    /** Not as it was written. */
    record Damaged(List<String> problems) implements FileState {
        public Damaged {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads a whole file, as fast as it goes; fails with {@link IOException} where the disk does not let it be read.
     */
    static FileState of(Path file) throws IOException {
        return of(file, _ -> {});
    }

    /**
     * As {@link #of(Path)}, also of a file that is open and changed meanwhile.
     *
     * @param pace is told how many bytes were read since it was told last, and may wait; ends the look by a
     *     {@link CancellationException}
     */
    static FileState of(Path file, LongConsumer pace) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) == 0) {
            return new Missing();
        }
        try (Connection connection = CatalogFile.openReadOnly(file)) {
            return of(connection, Files.size(file), pace);
        } catch (CancellationException givenUp) {
            throw givenUp;
        } catch (SQLException | RuntimeException e) {
            if (e instanceof SQLiteException sqlite && isNotOfTheFile(sqlite)) {
                throw new IOException("cannot open the catalog %s: %s".formatted(file, e.getMessage()), e);
            }
            return new Damaged(List.of("the catalog %s cannot be read: %s".formatted(file, e.getMessage())));
        }
    }

    private static FileState of(Connection connection, long sizeBytes, LongConsumer pace) throws SQLException {
        int version = CatalogFile.version(connection);
        CatalogTables tables = new CatalogTables(connection);
        if (version > CatalogFile.VERSION) {
            return new Newer(version, changeCount(tables));
        }
        List<String> problems = new ArrayList<>();
        addBrokenPages(connection, problems);
        pace.accept(sizeBytes);
        addBrokenReferences(connection, problems);
        boolean hasSums = version == CatalogFile.VERSION && tables.changeCount() != 0;
        if (hasSums) {
            problems.addAll(tables.wrongRows(pace));
        }
        if (!problems.isEmpty()) {
            return new Damaged(problems);
        }
        return hasSums ? sound(tables) : new Older(version);
    }

    private static FileState sound(CatalogTables tables) throws SQLException {
        long changeCount = tables.changeCount();
        return changeCount > 0
                ? new Sound(changeCount)
                : new Damaged(List.of("the catalog does not say how often it was changed"));
    }

    private static long changeCount(CatalogTables tables) {
        try {
            return tables.changeCount();
        } catch (SQLException e) {
            return -1;
        }
    }

    private static void addBrokenPages(Connection connection, List<String> problems) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
            while (rows.next()) {
                if (!rows.getString(1).equals("ok")) {
                    problems.add("the catalog's file is damaged: " + rows.getString(1));
                }
            }
        }
    }

    private static void addBrokenReferences(Connection connection, List<String> problems) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA foreign_key_check")) {
            while (rows.next()) {
                problems.add("row %d of %s belongs to a row of %s that is not there"
                        .formatted(rows.getLong("rowid"), rows.getString("table"), rows.getString("parent")));
            }
        }
    }

    /** The lowest byte of a code is its kind. */
    private static boolean isNotOfTheFile(SQLiteException e) {
        return NOT_OF_THE_FILE.stream().anyMatch(kind -> kind.code == (e.getResultCode().code & 0xFF));
    }
}
