package io.quiver.compactor.backup;

import io.quiver.compactor.CheckReport;
import io.quiver.compactor.DirectoryCheck;
import io.quiver.log.LocalLog;
import io.quiver.log.LogListener;
import io.quiver.log.LogSettings;
import io.quiver.log.RecoveryReport;
import io.quiver.log.catalog.CatalogCheck;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.storage.DirectoryLock;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends a data directory, which no server may have open, as far as that can be done without loss:
 *
 * <ul>
 *   <li>a file of the catalog: from the other one, as by any start,
 *   <li>a log file: with the bytes that a backup has of it; what was written since stays,
 *   <li>the end of the log, where the last write was cut off: it is cut there, as by any start,
 *   <li>a graph: it is taken away, and the server builds another one,
 *   <li>another file of a segment: by the same file of a backup; where none has it, and the log still has every write
 *       of the collection, all of it is applied again from the log.
 * </ul>
 *
 * <p>Nothing is destroyed: what was damaged is moved to a directory {@code damaged-...} beside the rest. What cannot be
 * mended is left as it is, and said. Used once, by one thread, which blocks.
 */
public final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private final DiskStorage storage;
    private final Aside aside;
    private final Optional<BackupStore> backups;
    private final List<String> saved = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();

    private Repair(DiskStorage storage, Optional<BackupStore> backups) {
        this.storage = storage;
        this.aside = new Aside(storage);
        this.backups = backups;
    }

    /**
     * What became of the directory, in words.
     *
     * @param saved what was damaged and is not any more
     * @param lost what is damaged still, and why
     * @param after what a check finds now
     */
    public record Report(List<String> saved, List<String> lost, CheckReport after) {
        public Report {
            saved = List.copyOf(saved);
            lost = List.copyOf(lost);
        }
    }

    /**
     * Mends what can be mended.
     *
     * @param from backups of this directory, where there are any
     */
    public static Report run(Path directory, Optional<BackupPath> from) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        Optional<BackupStore> backups = Optional.empty();
        if (from.isPresent()) {
            backups = Optional.of(new BackupStore(DiskStorage.open(from.get().directory())));
        }
        Repair repair = new Repair(DiskStorage.open(directory), backups);
        try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
            repair.run();
        }
        return new Report(repair.saved, repair.lost, DirectoryCheck.run(directory, (_, _, _) -> {}));
    }

    private void run() throws IOException {
        List<BackupManifest> manifests =
                backups.isEmpty() ? List.of() : backups.get().list();
        boolean isLogSound = new LogRepair(storage, aside, backups, manifests, saved::add, lost::add).run();
        mendCatalog();
        CatalogCheck catalog = SqliteCatalog.check(storage.root());
        if (!catalog.problems().isEmpty()) {
            catalog.problems().forEach(problem -> lost.add(problem + ". Restore a backup instead"));
            return;
        }
        if (isLogSound) {
            mendSegments(catalog, cutLog(), manifests);
        } else {
            lost.add("the segments were not looked at, for the log comes first");
        }
    }

    /** Opens the catalog as a start does; what cannot be opened a check tells of. */
    private void mendCatalog() throws IOException {
        if (!SqliteCatalog.exists(storage.root())) {
            return;
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(storage.root())) {
            saved.addAll(catalog.mended());
        } catch (IOException damaged) {
            LOG.warn("The catalog is left as it is: {}", damaged.getMessage());
        }
    }

    /** Opens the log as a start does. */
    private RecoveryReport cutLog() throws IOException {
        try (LocalLog log =
                LocalLog.open(storage, DirectoryCheck.LOG_DIRECTORY, LogSettings.DEFAULT, LogListener.NONE)) {
            RecoveryReport report = log.recovery();
            if (report.cut() != null) {
                saved.add("the log ends with entry %s: %s, which was never acknowledged, was cut"
                        .formatted(report.head(), report.cut().reason()));
            }
            return report;
        }
    }

    private void mendSegments(CatalogCheck check, RecoveryReport log, List<BackupManifest> manifests)
            throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(storage.root())) {
            var segments = new SegmentRepair(storage, aside, backups, manifests, saved::add);
            for (var collection : check.collections()) {
                new CollectionRepair(collection, catalog, segments, aside, log, saved::add, lost::add).run();
            }
        }
    }
}
