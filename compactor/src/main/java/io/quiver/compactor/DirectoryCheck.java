package io.quiver.compactor;

import io.quiver.compactor.CheckReport.Finding;
import io.quiver.executor.CollectionShape;
import io.quiver.log.LocalLog;
import io.quiver.log.RecoveryReport;
import io.quiver.log.catalog.CatalogCheck;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.DirectoryLock;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole data directory and says what is wrong with it: the log, the catalog, every byte of every segment that a
 * manifest names, and whether they agree. Changes nothing.
 */
public final class DirectoryCheck {
    /** Where a server keeps its log, within its data directory. */
    public static final String LOG_DIRECTORY = "log";

    private final Storage storage;
    private final Path directory;
    private final Progress progress;
    private final List<Finding> findings = new ArrayList<>();
    private long logEntries;
    private int segments;
    private long records;
    private long bytesDone;

    private DirectoryCheck(Storage storage, Path directory, Progress progress) {
        this.storage = storage;
        this.directory = directory;
        this.progress = progress;
    }

    /** Is told how many bytes of segments have been read; on the checking thread. */
    @FunctionalInterface
    public interface Progress {
        void checked(String what, long bytesDone, long bytesTotal);
    }

    /**
     * Checks the directory, which no server may have open: {@link io.quiver.log.storage.DirectoryInUseException} where
     * one has. Other {@link IOException}s mean that the check itself could not be done. Blocks.
     */
    public static CheckReport run(Path directory, Progress progress) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
            return new DirectoryCheck(DiskStorage.open(directory), directory, progress).run();
        }
    }

    private CheckReport run() throws IOException {
        RecoveryReport log = checkLog();
        CatalogCheck catalog = SqliteCatalog.check(directory);
        catalog.problems().forEach(problem -> damage("catalog", problem));
        checkCollections(catalog, log);
        return new CheckReport(findings, catalog.collections().size(), segments, records, logEntries, bytesDone);
    }

    private @Nullable RecoveryReport checkLog() {
        try {
            RecoveryReport report = LocalLog.check(storage, LOG_DIRECTORY);
            logEntries = report.entryCount();
            noteCut(report.cut());
            report.gaps().forEach(gap -> damage("log", gap.reason()));
            return report;
        } catch (IOException damage) {
            damage("log", String.valueOf(damage.getMessage()));
            return null;
        }
    }

    private void noteCut(RecoveryReport.@Nullable Cut cut) {
        if (cut != null) {
            findings.add(new Finding(
                    false,
                    "log",
                    "%s ends at byte %d, before its last group was whole: %s"
                            .formatted(cut.file(), cut.position(), cut.reason())));
        }
    }

    private void checkCollections(CatalogCheck catalog, @Nullable RecoveryReport log) throws IOException {
        long bytesTotal = catalog.manifests().values().stream()
                .flatMap(manifest -> manifest.segments().stream())
                .mapToLong(Manifest.Segment::sizeBytes)
                .sum();
        for (Collection collection : catalog.collections()) {
            Manifest manifest = catalog.manifests().getOrDefault(collection.id(), Manifest.EMPTY);
            if (log != null) {
                checkOffset(collection.id(), manifest, log.head());
            }
            checkSegments(collection, manifest, bytesTotal);
        }
    }

    private void checkOffset(CollectionId id, Manifest manifest, LogOffset head) {
        if (manifest.compactedOffset().isAfter(head)) {
            damage(
                    "collection " + id,
                    "its segments go up to log offset %s, the log only to %s"
                            .formatted(manifest.compactedOffset(), head));
        }
    }

    private void checkSegments(Collection collection, Manifest manifest, long bytesTotal) {
        if (manifest.segments().isEmpty()) {
            return;
        }
        if (collection.dimension() == null) {
            damage("collection " + collection.id(), "it has segments but no dimension");
            return;
        }
        SegmentAudit audit = new SegmentAudit(storage, CollectionShape.of(collection), findings::add);
        records += audit.check(manifest, entry -> {
            segments++;
            bytesDone += entry.sizeBytes();
            progress.checked("segment " + entry.name(), bytesDone, bytesTotal);
        });
    }

    private void damage(String where, String what) {
        findings.add(new Finding(true, where, what));
    }
}
