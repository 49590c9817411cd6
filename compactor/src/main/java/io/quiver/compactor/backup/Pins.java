package io.quiver.compactor.backup;

import io.quiver.log.PinnedLog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A data directory at one moment, held by names: a copy of the catalog, second names of all files that its manifests
 * name, and the files of the log. The server may compact, drop and truncate as it likes meanwhile. Owns the names,
 * below {@value #DIRECTORY} in the data directory, and the open log.
 */
final class Pins implements AutoCloseable {
    /** Within the data directory; what a crash leaves there the next backup deletes. */
    static final String DIRECTORY = "backup-pins";

    private static final String SEGMENTS = DIRECTORY + "/segments";
    private static final String CATALOG = DIRECTORY + "/catalog.db";

    private final Storage storage;
    private final Instant createdAt;
    private final PinnedLog log;
    private final int collections;

    private Pins(Storage storage, Instant createdAt, PinnedLog log, int collections) {
        this.storage = storage;
        this.createdAt = createdAt;
        this.log = log;
        this.collections = collections;
    }

    /** Changes of the catalog wait meanwhile, writes do not. */
    static Pins take(BackupSource source) throws IOException {
        deleteAll(source.storage(), DIRECTORY);
        source.storage().createDirectories(SEGMENTS);
        try {
            return Objects.requireNonNull(source.catalog()
                    .copyTo(source.directory().resolve(CATALOG), () -> pin(source))
                    .block());
        } catch (Throwable failure) {
            deleteAll(source.storage(), DIRECTORY);
            throw failure;
        }
    }

    /** On the catalog's thread: no manifest is published, no collection made or dropped, until this returns. */
    private static Pins pin(BackupSource source) throws IOException {
        List<Collection> collections =
                Objects.requireNonNull(source.catalog().allCollections().block());
        for (Collection collection : collections) {
            Manifest manifest =
                    source.catalog().manifest(collection.id()).blockOptional().orElse(Manifest.EMPTY);
            if (!manifest.segments().isEmpty()) {
                source.segments().pin(collection.id(), manifest, SEGMENTS);
            }
        }
        return new Pins(
                source.storage(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                source.log().pin(),
                collections.size());
    }

    Instant createdAt() {
        return createdAt;
    }

    PinnedLog log() {
        return log;
    }

    int collections() {
        return collections;
    }

    /** The copy of the catalog. */
    String catalog() {
        return CATALOG;
    }

    /** Paths of all files of segments, as in a data directory. */
    List<String> files() throws IOException {
        List<String> files = new ArrayList<>();
        addFiles("segments", files);
        return files;
    }

    private void addFiles(String directory, List<String> files) throws IOException {
        for (String name : storage.list(DIRECTORY + "/" + directory)) {
            String path = directory + "/" + name;
            if (storage.list(DIRECTORY + "/" + path).isEmpty()) {
                files.add(path);
            } else {
                addFiles(path, files);
            }
        }
    }

    /** The name under which a file of {@link #files} is held. */
    String pinned(String file) {
        return DIRECTORY + "/" + file;
    }

    @Override
    public void close() throws IOException {
        try (log) {
            deleteAll(storage, DIRECTORY);
        }
    }

    private static void deleteAll(Storage storage, String path) throws IOException {
        for (String name : storage.list(path)) {
            deleteAll(storage, path + "/" + name);
        }
        storage.delete(path);
    }
}
