package io.quiver.compactor.backup;

import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.DirectoryLock;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backups in one directory, and the making of more of them. Safe on every thread. Calls block; one backup is made
 * or deleted at a time, and nobody else waits for that.
 *
 * <p>While a backup is made or deleted the directory is locked against other processes, where it is one of a disk.
 */
public final class Backups {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    private final BackupStore store;
    private final Lock lock;
    private volatile List<BackupManifest> known = List.of();

    private Backups(Storage storage, Lock lock) {
        this.store = new BackupStore(storage);
        this.lock = lock;
    }

    @FunctionalInterface
    private interface Lock {
        Closeable acquire() throws IOException;
    }

    /** The backups of a directory, which is made where there is none. */
    public static Backups in(Path directory) throws IOException {
        DiskStorage storage = DiskStorage.open(directory);
        Backups backups = new Backups(storage, () -> DirectoryLock.acquire(storage.root())::close);
        backups.list();
        return backups;
    }

    /** The backups in a storage that nobody else writes to. */
    public static Backups in(Storage storage) throws IOException {
        Backups backups = new Backups(storage, () -> () -> {});
        backups.list();
        return backups;
    }

    /** What a backup has become. */
    public record Taken(BackupManifest manifest, long copiedBytes) {}

    /**
     * Makes a backup of a data directory that is in use. When this returns it is durable and has been read again; where
     * it fails there is none, and the earlier ones are as they were.
     */
    public synchronized Taken take(BackupSource source, BackupKind kind, Progress progress) throws IOException {
        return locked(() -> {
            List<BackupManifest> earlier = store.list();
            try (Pins pins = Pins.take(source)) {
                BackupRun.Outcome outcome = new BackupRun(store, source.storage(), pins, kind, progress).run(earlier);
                known = store.list();
                sweep();
                return new Taken(outcome.manifest(), outcome.copiedBytes());
            }
        });
    }

    /** Backups that can be read, oldest first. */
    public List<BackupManifest> list() throws IOException {
        known = store.list();
        return known;
    }

    /** The backups of the last look, oldest first; does not wait. */
    public List<BackupManifest> known() {
        return known;
    }

    /**
     * Reads everything that a backup consists of; throws {@link CorruptBackupException} for the first file that is
     * damaged.
     */
    public void verify(BackupManifest backup) throws IOException {
        store.verify(backup);
    }

    /** Deletes backups, with all that no other one needs; false where none of them was there. */
    public synchronized boolean delete(List<BackupId> ids) throws IOException {
        return !ids.isEmpty()
                && locked(() -> {
                    boolean isAnyThere = false;
                    for (BackupId id : ids) {
                        isAnyThere |= store.delete(id);
                    }
                    known = store.list();
                    sweep();
                    return isAnyThere;
                });
    }

    private void sweep() {
        try {
            store.sweep();
        } catch (IOException failure) {
            LOG.warn("Files that no backup needs stay for now", failure);
        }
    }

    /**
     * What a log may drop without a gap between the newest backup and the next: all before the last entry that is
     * backed up, whose file shows the next backup that it goes on. Everything where there is no backup. Does not wait.
     */
    public LogOffset droppableThrough() {
        List<BackupManifest> all = known;
        return new LogOffset(
                all.isEmpty()
                        ? Long.MAX_VALUE
                        : Math.max(0, all.getLast().offset().value() - 1));
    }

    private <T> T locked(Work<T> work) throws IOException {
        try (Closeable _ = lock.acquire()) {
            return work.run();
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }
}
