package io.quiver.compactor.backup;

import io.quiver.compactor.DirectoryCheck;
import io.quiver.compactor.backup.BackupManifest.Piece;
import io.quiver.compactor.backup.BackupManifest.SegmentFile;
import io.quiver.log.CatalogNotes;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes a data directory of backups. It is written beside its place under another name, every checksum compared on the
 * way, and moved to its place when it is whole and durable: a restore that fails leaves nothing there.
 *
 * <p>The catalog and the segments are those of the newest backup that does not reach beyond the point; the log goes on
 * from there to the point. What the log does not say is as of that backup: names, configurations, and which collections
 * were dropped. Collections that were created later come from the catalog of the backup behind the point, if the log
 * has all of their writes.
 *
 * <p>Used once, by one thread, which blocks.
 */
public final class Restore {
    private static final String CATALOG = "catalog.db";

    private final BackupStore store;
    private final Path stored;
    private final RestorePlan plan;
    private final DiskStorage target;
    private final Progress progress;
    private final Copy copy;
    private final Map<CollectionId, Long> unknown = new HashMap<>();
    private String copying = "";
    private long bytesDone;

    private Restore(BackupStore store, Path stored, RestorePlan plan, DiskStorage target, Progress progress) {
        this.store = store;
        this.stored = stored;
        this.plan = plan;
        this.target = target;
        this.progress = progress;
        this.copy = new Copy(this::copied);
    }

    /**
     * What a restore has made.
     *
     * @param base the backup that catalog and segments are from
     * @param through the newest log entry
     * @param leftOut entries of collections that no catalog knows, by collection
     */
    public record Report(
            BackupId base, LogOffset through, int collections, long bytes, Map<CollectionId, Long> leftOut) {
        public Report {
            leftOut = Map.copyOf(leftOut);
        }
    }

    /**
     * Restores into a directory that is empty or not there.
     *
     * @throws RestoreException where the point cannot be reached or the directory holds something
     * @throws CorruptBackupException where a file of the backups is damaged
     */
    public static Report run(BackupPath backup, Path directory, RestorePoint point, Progress progress)
            throws IOException {
        BackupStore store = new BackupStore(DiskStorage.open(backup.directory()));
        RestorePlan plan = RestorePlan.of(store, backup.backup(), point);
        try (RestoreTarget target = RestoreTarget.beside(directory)) {
            Restore restore = new Restore(
                    store, backup.directory().toRealPath(), plan, DiskStorage.open(target.directory()), progress);
            restore.run();
            target.publish();
            return restore.report();
        }
    }

    private Report report() {
        return new Report(plan.base().id(), plan.through(), plan.base().collections(), bytesDone, unknown);
    }

    private void run() throws IOException {
        for (SegmentFile file : plan.base().files()) {
            copy(file.stored(), file.path(), file.content());
        }
        copy(Layout.catalog(plan.base().id()), CATALOG, plan.base().catalog());
        for (Piece piece : plan.chain().pieces()) {
            verify(Layout.piece(piece.piece()), piece.content());
        }
        plan.log().writeTo(target, DirectoryCheck.LOG_DIRECTORY, plan.through());
        noteInCatalog();
        forceDirectories("");
    }

    private void copy(String from, String to, Content expected) throws IOException {
        NoLinks.check(stored, from);
        copying = to;
        int slash = to.lastIndexOf('/');
        target.createDirectories(slash < 0 ? "" : to.substring(0, slash));
        try (StorageFile source = store.open(from);
                StorageFile written = target.create(to)) {
            expected.require(from, copy.copy(source::read, written));
            written.force();
        }
    }

    private void verify(String path, Content expected) throws IOException {
        NoLinks.check(stored, path);
        try (StorageFile file = store.open(path)) {
            expected.require(path, copy.read(file::read));
        }
    }

    private void copied(long bytes) {
        bytesDone += bytes;
        progress.moved(copying, bytesDone, Math.max(bytesDone, plan.base().sizeBytes()));
    }

    /**
     * The catalog is older than the end of the log: dimensions and keys that the entries between brought are put in.
     */
    private void noteInCatalog() throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(target.root())) {
            CatalogNotes notes = new CatalogNotes(catalog);
            plan.log().read(plan.base().offset(), plan.through(), entry -> {
                if (!notes.note(entry)) {
                    unknown.merge(entry.collection(), 1L, Long::sum);
                }
            });
        }
    }

    private void forceDirectories(String directory) throws IOException {
        for (String name : target.list(directory)) {
            String path = directory.isEmpty() ? name : directory + "/" + name;
            if (Files.isDirectory(target.root().resolve(path))) {
                forceDirectories(path);
            }
        }
        target.forceDirectory(directory);
    }
}
