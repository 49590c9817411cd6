package io.quiver.compactor.backup;

import io.quiver.compactor.DirectoryCheck;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.log.LocalLog;
import io.quiver.log.LogListener;
import io.quiver.log.LogSettings;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.storage.DirectoryLock;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** A data directory that no server has open, opened to be backed up. Keeps servers away until it is closed. */
public final class StoppedDirectory implements AutoCloseable {
    private final DirectoryLock lock;
    private final SqliteCatalog catalog;
    private final LocalLog log;
    private final BackupSource source;

    private StoppedDirectory(DirectoryLock lock, DiskStorage storage, SqliteCatalog catalog, LocalLog log) {
        this.lock = lock;
        this.catalog = catalog;
        this.log = log;
        var segments = new LocalSegmentStore(storage, new OffHeapBudget(Long.MAX_VALUE));
        this.source = new BackupSource(storage, storage.root(), catalog, log, segments);
    }

    /** {@link io.quiver.log.storage.DirectoryInUseException} where a server has it. */
    public static StoppedDirectory open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        DirectoryLock lock = DirectoryLock.acquire(directory);
        try {
            return open(lock, directory);
        } catch (Throwable failure) {
            lock.close();
            throw failure;
        }
    }

    private static StoppedDirectory open(DirectoryLock lock, Path directory) throws IOException {
        DiskStorage storage = DiskStorage.open(directory);
        SqliteCatalog catalog = SqliteCatalog.open(directory);
        try {
            LocalLog log = LocalLog.open(storage, DirectoryCheck.LOG_DIRECTORY, LogSettings.DEFAULT, LogListener.NONE);
            return new StoppedDirectory(lock, storage, catalog, log);
        } catch (Throwable failure) {
            catalog.close();
            throw failure;
        }
    }

    public BackupSource source() {
        return source;
    }

    @Override
    public void close() throws IOException {
        log.close();
        catalog.close();
        lock.close();
    }
}
