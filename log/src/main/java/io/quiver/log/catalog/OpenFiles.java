package io.quiver.log.catalog;

import io.quiver.log.catalog.CatalogThread.Transaction;
import io.quiver.log.catalog.FileState.Sound;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
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
    private static final int FILES = 2;
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
     * Reads both files and writes both anew from memory where one is damaged; returns whether that was so. Fails with
     * {@link LostCatalogException} where nothing can be written from now on, with {@link IOException} where all is as
     * before.
     */
    boolean mend(CatalogImage image) throws IOException {
        List<String> problems = problems();
        found.remains(problems);
        if (problems.isEmpty()) {
            return false;
        }
        try {
            heal(image);
        } catch (IOException e) {
            throw problems.size() < FILES ? e : lost("both files are damaged", e);
        }
        return true;
    }

    /** A line for each file that is not as it should be; a second one that is not there is no problem of its own. */
    private List<String> problems() throws IOException {
        FileState one = files.first(_ -> {});
        FileState other = files.second(_ -> {});
        boolean isFirstSound = one instanceof Sound;
        List<String> problems = new ArrayList<>(FILES);
        if (!isFirstSound) {
            problems.add(files.problemOfFirst(one));
        }
        if (copy.isThere() ? !(other instanceof Sound) : !isFirstSound) {
            problems.add(files.problemOfSecond(other));
        }
        return problems;
    }

    /**
     * Writes both files anew from memory, which has every change that was acknowledged: after a failure to write, what
     * a failed force was to make durable is not trusted, whatever is read of it. Fails with {@link IOException} where
     * that cannot be done; this may be tried again then. After a {@link LostCatalogException} nothing may be changed
     * before that has succeeded.
     */
    void heal(CatalogImage image) throws IOException {
        files.writeAnew(image, changes);
        close(connection);
        copy.close();
        try {
            connection = files.putAnew(changes);
            tables = new CatalogTables(connection);
            copy.reopen();
        } catch (IOException e) {
            throw lost("its files could not be replaced", e);
        }
        tellMended();
    }

    private static LostCatalogException lost(String how, IOException cause) {
        return new LostCatalogException(
                "the catalog is lost but for memory: %s: %s".formatted(how, cause.getMessage()), cause);
    }

    private void tellMended() {
        List<String> mended = found.remaining().stream()
                .map(problem -> problem + ": the file was made again from memory")
                .toList();
        mended.forEach(LOG::error);
        found.haveBeenMended(mended);
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
