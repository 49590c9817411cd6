package io.quiver.gateway.server;

import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;

/** Gives the files of a data directory: those of the disk, and in tests of one that fails. */
@FunctionalInterface
interface StorageOpener {
    Storage open(Path directory) throws IOException;
}
