package io.quiver.compactor.backup;

import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.time.Instant;

/** Where a repair puts what is damaged: a directory beside the rest, under the same paths. Made when it is needed. */
final class Aside {
    private final Storage storage;
    private final String directory = "damaged-" + BackupId.at(Instant.now());

    Aside(Storage storage) {
        this.storage = storage;
    }

    /** Moves a file there, where it is, durably; returns its new path. */
    String move(String path) throws IOException {
        String target = directory + "/" + path;
        if (storage.exists(path)) {
            storage.createDirectories(parent(target));
            storage.rename(path, target);
            storage.forceDirectory(parent(target));
            storage.forceDirectory(parent(path));
        }
        return target;
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
