package io.quiver.compactor.backup;

import io.quiver.compactor.backup.BackupManifest.SegmentFile;
import io.quiver.executor.CollectionShape;
import io.quiver.executor.segment.CorruptSegmentException;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.SealedSegment;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Mends segments file by file: opens one, reads all of it, and does something about the first file that is damaged,
 * until it is sound or nothing helps. Belongs to one thread.
 */
final class SegmentRepair {
    /** The files of a graph: they can be made again of the rest. */
    private static final Set<String> GRAPH = Set.of("graph.qg", "compact.qc", "recall.qc");

    private final Storage storage;
    private final Aside aside;
    private final Optional<BackupStore> backups;
    private final Map<String, SegmentFile> backedUp = new HashMap<>();
    private final Consumer<String> saved;
    private final LocalSegmentStore store;
    private final Copy copy = new Copy(_ -> {});

    SegmentRepair(
            Storage storage,
            Aside aside,
            Optional<BackupStore> backups,
            List<BackupManifest> manifests,
            Consumer<String> saved) {
        this.storage = storage;
        this.aside = aside;
        this.backups = backups;
        manifests.forEach(manifest -> manifest.files().forEach(file -> backedUp.put(file.path(), file)));
        this.saved = saved;
        this.store = new LocalSegmentStore(storage, new OffHeapBudget(Long.MAX_VALUE));
    }

    /** Returns what is damaged still, {@code null} where nothing is. */
    @Nullable String mend(CollectionShape shape, Manifest.Segment entry) throws IOException {
        Set<String> tried = new HashSet<>();
        while (true) {
            try {
                verify(shape, entry);
                return null;
            } catch (CorruptSegmentException damage) {
                if (!tried.add(damage.file()) || !mend(damage)) {
                    return String.valueOf(damage.getMessage());
                }
            }
        }
    }

    private void verify(CollectionShape shape, Manifest.Segment entry) throws IOException {
        SealedSegment segment = store.open(shape.id(), shape.metric(), shape.dimension(), entry);
        try {
            segment.verify();
        } finally {
            segment.release();
        }
    }

    private boolean mend(CorruptSegmentException damage) throws IOException {
        String path = damage.file();
        int slash = path.lastIndexOf('/');
        if (GRAPH.contains(path.substring(slash + 1))) {
            dropGraph(path.substring(0, slash));
            saved.accept("%s: the server builds another graph".formatted(damage.getMessage()));
            return true;
        }
        if (putBack(path)) {
            saved.accept("%s: put back from a backup".formatted(damage.getMessage()));
            return true;
        }
        return false;
    }

    private void dropGraph(String directory) throws IOException {
        for (String name : GRAPH) {
            aside.move(directory + "/" + name);
        }
    }

    /** A file, or all files that a backup has of a directory; false where it has none. */
    private boolean putBack(String path) throws IOException {
        List<SegmentFile> files = backedUp.values().stream()
                .filter(file -> file.path().equals(path) || file.path().startsWith(path + "/"))
                .filter(file ->
                        !GRAPH.contains(file.path().substring(file.path().lastIndexOf('/') + 1)))
                .toList();
        if (backups.isEmpty() || files.isEmpty()) {
            return false;
        }
        for (SegmentFile file : files) {
            putBack(backups.get(), file);
        }
        return true;
    }

    private void putBack(BackupStore from, SegmentFile file) throws IOException {
        String mended = file.path() + Layout.TEMPORARY;
        String directory = file.path().substring(0, file.path().lastIndexOf('/'));
        storage.createDirectories(directory);
        storage.delete(mended);
        try (StorageFile source = from.open(file.stored());
                StorageFile target = storage.create(mended)) {
            file.content().require(file.stored(), copy.copy(source::read, target));
            target.force();
        }
        aside.move(file.path());
        storage.rename(mended, file.path());
        storage.forceDirectory(directory);
    }
}
