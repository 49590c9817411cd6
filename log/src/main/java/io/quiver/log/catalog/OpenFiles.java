package io.quiver.log.catalog;

import io.quiver.log.catalog.CatalogThread.Transaction;
import io.quiver.log.catalog.FileState.Sound;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two files of a catalog while it is open. As each has every acknowledged change between two changes, a damaged one
 * is made again from the other then, as a start would do.
 *
 * <p>Belongs to the catalog's thread but for {@link #looksSound}; owns its connections.
 */
final class OpenFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

    private final CatalogFiles files;
    private final CatalogCopy copy;
    private final FoundDamage found;
    private Connection connection;
    private CatalogTables tables;

    /** Those that memory has. */
    private long changes;

    OpenFiles(CatalogFiles files, CatalogFiles.Ready ready, FoundDamage found) throws SQLException {
        this.files = files;
        this.copy = ready.copy();
        this.found = found;
        this.connection = ready.connection();
        this.tables = new CatalogTables(connection);
        this.changes = tables.changeCount();
    }

    /** A change has been committed to the first file, and is now one of so many. */
    void committed(long count) {
        changes = count;
    }

    /** Of the first file. */
    CatalogTables tables() {
        return tables;
    }

    /** Does in the second file what has been committed to the first; see {@link CatalogCopy#repeat}. */
    void repeat(Transaction<?> transaction) throws IOException {
        copy.repeat(transaction, tables);
    }

    /**
     * Reads both files, on any thread that may wait, while changes go on. {@code false} calls for {@link #mend}, which
     * may find that all is well: the second file may have been made again meanwhile.
     */
    boolean looksSound(LongConsumer pace) throws IOException {
        boolean isSecondThere = copy.isThere();
        return files.first(pace) instanceof Sound && (!isSecondThere || files.second(pace) instanceof Sound);
    }

    /**
     * Reads both files and makes a damaged one again; returns whether that was the first. Fails with
     * {@link LostCatalogException} where nothing can be written from now on, with {@link IOException} where all is as
     * before.
     */
    boolean mend() throws IOException {
        FileState one = files.first(_ -> {});
        FileState other = files.second(_ -> {});
        boolean isSecondSound = copy.isThere() && other instanceof Sound;
        if (!(one instanceof Sound)) {
            mendFirst(one, other, isSecondSound);
            return true;
        }
        if (copy.isThere() && !isSecondSound) {
            mendSecond(other);
        } else {
            found.nothing();
        }
        return false;
    }

    private void mendFirst(FileState one, FileState other, boolean isSecondSound) throws IOException {
        String problem = files.problemOfFirst(one);
        if (!isSecondSound) {
            found.remains(List.of(problem, files.problemOfSecond(other)));
            throw new LostCatalogException("both files of the catalog are damaged: " + problem, null);
        }
        found.remains(List.of(problem));
        files.writeFirst();
        close(connection);
        try {
            connection = files.putFirst();
        } catch (IOException e) {
            throw new LostCatalogException("the catalog could not be made again", e);
        }
        tables = new CatalogTables(connection);
        tell(problem, CatalogFiles.COPY);
    }

    private void mendSecond(FileState other) throws IOException {
        String problem = files.problemOfSecond(other);
        found.remains(List.of(problem));
        files.writeSecond();
        try {
            copy.replace();
        } catch (IOException e) {
            throw new LostCatalogException("the second file of the catalog could not be made again", e);
        }
        tell(problem, CatalogFiles.NAME);
    }

    /**
     * Writes both files anew, from the one that has exactly the changes that memory has, after a failure to write: what
     * a failed force was to make durable is not trusted, whatever is read of it. Fails with {@link IOException} where
     * that cannot be done, or neither file has them; then nothing may be changed, and this may be tried again.
     */
    void heal() throws IOException {
        files.rewrite(files.isFirst(changes));
        close(connection);
        copy.close();
        connection = files.putAnew();
        tables = new CatalogTables(connection);
        copy.reopen();
    }

    private void tell(String problem, String by) {
        String what = "%s: the file was made again from %s".formatted(problem, by);
        LOG.error(what);
        found.hasBeenMended(what);
    }

    @Override
    public void close() {
        close(connection);
        copy.close();
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("the catalog did not close cleanly; nothing is lost", e);
        }
    }
}
