package io.quiver.executor.segment;

import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.List;

/** A directory of a storage with all that is below it. */
final class DirectoryTree {
    private DirectoryTree() {}

    static long sizeBytes(Storage storage, String directory) throws IOException {
        long bytes = 0;
        for (String name : storage.list(directory)) {
            String path = directory + "/" + name;
            List<String> below = storage.list(path);
            bytes += below.isEmpty() ? storage.sizeBytes(path) : sizeBytes(storage, path);
        }
        return bytes;
    }

    /** Bytes of a file, 0 where there is none. */
    static long fileBytes(Storage storage, String path) throws IOException {
        return storage.exists(path) ? storage.sizeBytes(path) : 0;
    }

    static void delete(Storage storage, String path) throws IOException {
        for (String name : storage.list(path)) {
            delete(storage, path + "/" + name);
        }
        storage.delete(path);
    }
}
