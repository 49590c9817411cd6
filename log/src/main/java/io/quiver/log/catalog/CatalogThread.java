package io.quiver.log.catalog;

import io.quiver.log.record.DoubtfulException;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The one thread that changes the catalog, and its files, which it owns. Changes wait in a bounded queue and are
 * made one after the other, each in a transaction of its own, in the first file and then in the second.
 *
 * <p>After a failure of the disk nobody can tell what is durable: further changes are refused until both files have
 * been written anew from the image ({@link OpenFiles#heal}), which each change tries first. A full disk and a lock of
 * another process are not of that kind. The change that failed is refused with {@link DoubtfulException}.
 */
final class CatalogThread implements AutoCloseable {
    static final int QUEUED_MAX = 4_096;

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    /** Both files are written for it, and all others wait. */
    private static final Duration HEAL_EVERY = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(CatalogThread.class);

    private final OpenFiles files;
    private final CatalogEvents events;
    private final Supplier<CatalogImage> image;
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED_MAX), CatalogThread::thread);

    /** Why changes are refused, {@code null} while they are not; the thread's own. */
    private @Nullable String failure;

    private long healAfterNanos = System.nanoTime();

    /** What the change under way has done is in the image, and may not last. */
    private boolean isDoubtful;

    /**
     * Owns the files.
     *
     * @param image gives all that was committed but for the change under way; asked on this thread
     */
    CatalogThread(OpenFiles files, CatalogEvents events, Supplier<CatalogImage> image) {
        this.files = files;
        this.events = events;
        this.image = image;
    }

    /** Runs {@code change} on this thread, for each subscriber anew; the result is delivered there too. */
    <T> Mono<T> change(Callable<T> change) {
        return Mono.create(sink -> {
            try {
                executor.execute(() -> run(change, sink));
            } catch (RejectedExecutionException _) {
                sink.error(refusal());
            }
        });
    }

    /** Makes one durable transaction, within a {@link #change}. */
    void commit(Statements statements) {
        commitAndGet(tables -> {
            statements.run(tables);
            return true;
        });
    }

    /**
     * Makes one durable transaction, within a {@link #change}, and returns what it gives; runs it once for each file.
     */
    <T> T commitAndGet(Transaction<T> transaction) {
        requireWritable();
        T result = commitFirst(transaction);
        repeat(transaction);
        return result;
    }

    private <T> T commitFirst(Transaction<T> transaction) {
        try {
            return commitMending(transaction);
        } catch (SQLException e) {
            throw refusalOf(e);
        }
    }

    /** A change may be what finds the file damaged: it is made once more where that has been mended. */
    private <T> T commitMending(Transaction<T> transaction) throws SQLException {
        try {
            return commitOnce(transaction);
        } catch (SQLException e) {
            if (!isDamage(e) || !isMended(e)) {
                throw e;
            }
            return commitOnce(transaction);
        }
    }

    private <T> T commitOnce(Transaction<T> transaction) throws SQLException {
        CatalogTables tables = files.tables();
        try {
            tables.begin();
            T result = transaction.run(tables);
            long changes = tables.changeCount() + 1;
            tables.commit();
            files.committed(changes);
            return result;
        } catch (SQLException | RuntimeException e) {
            rollback(tables, e);
            throw e;
        }
    }

    private boolean isMended(SQLException damage) {
        try {
            return files.mend(image.get());
        } catch (IOException e) {
            damage.addSuppressed(e);
            return false;
        }
    }

    /** Compares both files with their checksums and writes both anew where one is damaged, within a {@link #change}. */
    void mend() throws IOException {
        requireWritable();
        try {
            files.mend(image.get());
        } catch (LostCatalogException e) {
            throw failed(e);
        }
    }

    /** Where that fails, the image follows the first file, and the caller is told that it failed. */
    private void repeat(Transaction<?> transaction) {
        try {
            files.repeat(transaction);
        } catch (IOException e) {
            var _ = failed(e);
            isDoubtful = true;
        }
    }

    /** Writes all that was committed into a new file, within a {@link #change}. */
    void copyTo(Path file) throws IOException {
        requireWritable();
        try {
            files.tables().copyTo(file);
        } catch (SQLException e) {
            throw new IOException("cannot copy the catalog to %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        if (!awaitEnd()) {
            events.stopWaiting();
            awaitEnd();
        }
        events.complete();
        files.close();
    }

    private <T> void run(Callable<T> change, MonoSink<T> sink) {
        isDoubtful = false;
        T result;
        try {
            result = change.call();
        } catch (Throwable failure) {
            sink.error(failure);
            return;
        }
        if (isDoubtful) {
            sink.error(doubtful());
        } else {
            sink.success(result);
        }
    }

    private QuiverException refusal() {
        return new QuiverException(
                ErrorCode.UNAVAILABLE,
                executor.isShutdown()
                        ? "The catalog is closed"
                        : "The catalog is busy: %d changes are waiting".formatted(QUEUED_MAX));
    }

    private void requireWritable() {
        if (failure != null && !isHealed()) {
            throw unwritable();
        }
    }

    private QuiverException unwritable() {
        return new QuiverException(ErrorCode.UNAVAILABLE, reason());
    }

    private DoubtfulException doubtful() {
        return new DoubtfulException(reason());
    }

    private String reason() {
        return "The catalog cannot be changed since writing failed: " + failure;
    }

    private boolean isHealed() {
        long now = System.nanoTime();
        if (now - healAfterNanos < 0) {
            return false;
        }
        healAfterNanos = now + HEAL_EVERY.toNanos();
        try {
            files.heal(image.get());
        } catch (IOException e) {
            LOG.warn("The catalog still cannot be written: {}", e.toString());
            return false;
        }
        failure = null;
        LOG.info("The catalog can be changed again; both of its files have been written anew");
        return true;
    }

    private static void rollback(CatalogTables tables, Exception cause) {
        try {
            tables.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private RuntimeException refusalOf(SQLException cause) {
        if (isKind(cause, SQLiteErrorCode.SQLITE_FULL)) {
            return new QuiverException(ErrorCode.STORAGE_FULL, "The catalog's disk is full");
        }
        if (isKind(cause, SQLiteErrorCode.SQLITE_BUSY)) {
            return new QuiverException(ErrorCode.UNAVAILABLE, "The catalog is locked by another process");
        }
        return failed(cause);
    }

    private RuntimeException failed(Exception cause) {
        failure = String.valueOf(cause.getMessage());
        healAfterNanos = System.nanoTime() + HEAL_EVERY.toNanos();
        LOG.error("The catalog could not be written; changes are refused until it can", cause);
        return doubtful();
    }

    private static boolean isDamage(SQLException e) {
        return isKind(e, SQLiteErrorCode.SQLITE_CORRUPT) || isKind(e, SQLiteErrorCode.SQLITE_NOTADB);
    }

    /** The lowest byte of a code is its kind, the others say more. */
    private static boolean isKind(SQLException e, SQLiteErrorCode kind) {
        return e instanceof SQLiteException sqlite && (sqlite.getResultCode().code & 0xFF) == kind.code;
    }

    private boolean awaitEnd() {
        try {
            return executor.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "quiver-catalog");
        thread.setDaemon(true);
        return thread;
    }

    @FunctionalInterface
    interface Statements {
        void run(CatalogTables tables) throws SQLException;
    }

    @FunctionalInterface
    interface Transaction<T> {
        T run(CatalogTables tables) throws SQLException;
    }
}
