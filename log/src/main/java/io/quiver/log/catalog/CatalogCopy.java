package io.quiver.log.catalog;

import io.quiver.log.catalog.CatalogThread.Transaction;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second file of a catalog while it is open: it has every change that was acknowledged, or it is not there.
 *
 * <p>Where it cannot be written, as on a full disk, it is deleted before the change is acknowledged that it lacks, and
 * made again with one of the next changes. Belongs to the catalog's thread but for {@link #isThere}; owns its
 * connection.
 */
final class CatalogCopy implements AutoCloseable {
    /** How long to wait after it could not be made again. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(CatalogCopy.class);

    private final CatalogFiles files;
    private volatile @Nullable Connection connection;
    private long makeAfterNanos = System.nanoTime();

    /** @param connection {@code null} where the file is not there yet */
    CatalogCopy(CatalogFiles files, @Nullable Connection connection) {
        this.files = files;
        this.connection = connection;
    }

    /** Any thread may ask. */
    boolean isThere() {
        return connection != null;
    }

    /**
     * Does here what has been committed to the first file. Fails with {@link IOException} where it could neither be
     * done nor the file be deleted: then the change must not be acknowledged.
     */
    void repeat(Transaction<?> transaction, CatalogTables first) throws IOException {
        Connection open = connection;
        try {
            if (open != null) {
                repeat(transaction, open);
            } else if (System.nanoTime() - makeAfterNanos >= 0) {
                makeAfterNanos = System.nanoTime() + PAUSE.toNanos();
                connection = files.makeSecond(first);
                makeAfterNanos = System.nanoTime();
                LOG.info("The second file of the catalog is there again");
            }
        } catch (SQLException | IOException | RuntimeException e) {
            LOG.error("The second file of the catalog cannot be written, and is made again later", e);
            delete();
        }
    }

    private static void repeat(Transaction<?> transaction, Connection open) throws SQLException {
        CatalogTables tables = new CatalogTables(open);
        tables.begin();
        transaction.run(tables);
        tables.commit();
    }

    /** Goes over to a file that has been written anew; it was closed. */
    void reopen() throws IOException {
        connection = null;
        connection = files.openSecond();
    }

    private void delete() throws IOException {
        close();
        connection = null;
        files.deleteSecond();
    }

    @Override
    public void close() {
        Connection open = connection;
        try {
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            LOG.warn("The second file of the catalog did not close cleanly; nothing is lost", e);
        }
    }
}
