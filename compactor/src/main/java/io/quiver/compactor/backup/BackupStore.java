package io.quiver.compactor.backup;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of backups. Files are written under a temporary name, forced, renamed, never changed, and shared by all
 * backups that name them; what no manifest names counts for nothing. A backup is there from the moment its manifest has
 * its name.
 *
 * <p>The caller sees to it that one thread of one process writes here at a time.
 */
final class BackupStore {
    private static final Logger LOG = LoggerFactory.getLogger(BackupStore.class);

    /** A manifest takes some 200 bytes a file. */
    private static final long MANIFEST_BYTES_MAX = 1L << 30;

    private final Storage storage;

    BackupStore(Storage storage) {
        this.storage = storage;
    }

    /** Backups that can be read, oldest first. */
    List<BackupManifest> list() throws IOException {
        List<BackupManifest> manifests = new ArrayList<>();
        for (BackupId id : ids()) {
            try {
                manifests.add(manifest(id));
            } catch (CorruptBackupException damage) {
                LOG.error("A backup cannot be used: {}", damage.getMessage());
            }
        }
        manifests.sort(Comparator.comparing(BackupManifest::createdAt).thenComparing(BackupManifest::id));
        return manifests;
    }

    private List<BackupId> ids() throws IOException {
        return storage.list(Layout.MANIFESTS).stream()
                .filter(Layout::isManifest)
                .map(Layout::idOfManifest)
                .toList();
    }

    private BackupManifest manifest(BackupId id) throws IOException {
        String path = Layout.manifest(id);
        long sizeBytes = storage.sizeBytes(path);
        if (sizeBytes > MANIFEST_BYTES_MAX) {
            throw new CorruptBackupException(path, "a manifest of %d bytes".formatted(sizeBytes));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) sizeBytes);
        try (StorageFile file = storage.open(path)) {
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
                // until all is read
            }
        }
        return ManifestText.read(id, bytes.array());
    }

    /** Copies bytes into a file, durably but for its name; what had that name is replaced. */
    Content put(String path, ByteSource source, Copy copy) throws IOException {
        String temporary = path + Layout.TEMPORARY;
        storage.createDirectories(parent(path));
        storage.delete(temporary);
        Content written;
        try (StorageFile file = storage.create(temporary)) {
            written = copy.copy(source, file);
            file.force();
        }
        storage.rename(temporary, path);
        return written;
    }

    /** Opens a file for reading. */
    StorageFile open(String path) throws IOException {
        try {
            return storage.open(path);
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw new CorruptBackupException(path, "there is no such file");
        }
    }

    /** Whether a file is there and has the right size. */
    boolean has(String path, Content content) throws IOException {
        return storage.exists(path) && storage.sizeBytes(path) == content.sizeBytes();
    }

    /** Whether a file is there and has the right bytes. */
    boolean holds(String path, Content content, Copy copy) throws IOException {
        if (!has(path, content)) {
            return false;
        }
        try (StorageFile file = open(path)) {
            return copy.read(file::read).equals(content);
        }
    }

    /** Reads every file of a backup. */
    void verify(BackupManifest manifest) throws IOException {
        Copy copy = new Copy(_ -> {});
        require(Layout.catalog(manifest.id()), manifest.catalog(), copy);
        for (BackupManifest.Piece piece : manifest.log()) {
            require(Layout.piece(piece.piece()), piece.content(), copy);
        }
        for (BackupManifest.SegmentFile file : manifest.files()) {
            require(file.stored(), file.content(), copy);
        }
    }

    private void require(String path, Content expected, Copy copy) throws IOException {
        try (StorageFile file = open(path)) {
            expected.require(path, copy.read(file::read));
        }
    }

    /** Makes the names of files durable, which were put. */
    void forceNames(List<String> paths) throws IOException {
        Set<String> directories = new HashSet<>();
        paths.forEach(path -> directories.add(parent(path)));
        for (String directory : directories) {
            storage.forceDirectory(directory);
        }
    }

    /** Makes a backup of files that are durable already. */
    void publish(BackupManifest manifest) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(ManifestText.write(manifest));
        String path = Layout.manifest(manifest.id());
        put(path, (target, at) -> read(bytes, target, at), new Copy(_ -> {}));
        storage.forceDirectory(Layout.MANIFESTS);
    }

    private static int read(ByteBuffer bytes, ByteBuffer target, long at) {
        int count = (int) Math.min(target.remaining(), bytes.capacity() - at);
        target.put(bytes.slice((int) at, count));
        return count == 0 ? -1 : count;
    }

    /** Makes a backup one no more; its files stay until {@link #sweep}. False where there is none. */
    boolean delete(BackupId id) throws IOException {
        boolean isThere = storage.exists(Layout.manifest(id));
        storage.delete(Layout.manifest(id));
        storage.forceDirectory(Layout.MANIFESTS);
        return isThere;
    }

    /** Deletes what no backup names. Where a manifest cannot be read nothing is deleted: nobody knows what it names. */
    void sweep() throws IOException {
        Set<String> named = new HashSet<>();
        for (BackupId id : ids()) {
            try {
                manifest(id).storedPaths().forEach(named::add);
            } catch (CorruptBackupException damage) {
                LOG.error("Files that no backup needs stay, for one backup cannot be read: {}", damage.getMessage());
                return;
            }
        }
        deleteUnnamed(Layout.CATALOGS, named);
        deleteUnnamed(Layout.LOG, named);
        for (String segment : storage.list(Layout.SEGMENTS)) {
            deleteUnnamed(Layout.SEGMENTS + "/" + segment, named);
        }
        deleteTemporaries();
    }

    private void deleteUnnamed(String directory, Set<String> named) throws IOException {
        boolean isEmpty = true;
        for (String name : storage.list(directory)) {
            String path = directory + "/" + name;
            if (named.contains(path)) {
                isEmpty = false;
            } else {
                storage.delete(path);
            }
        }
        if (isEmpty && directory.startsWith(Layout.SEGMENTS)) {
            storage.delete(directory);
        }
    }

    private void deleteTemporaries() throws IOException {
        for (String name : storage.list(Layout.MANIFESTS)) {
            if (name.endsWith(Layout.TEMPORARY)) {
                storage.delete(Layout.MANIFESTS + "/" + name);
            }
        }
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
