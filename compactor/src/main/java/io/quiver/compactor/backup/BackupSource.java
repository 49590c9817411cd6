package io.quiver.compactor.backup;

import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.log.LocalLog;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.storage.Storage;
import java.nio.file.Path;

/**
 * The data directory that is backed up: its parts, open, which belong to the caller.
 *
 * @param storage of the files in the directory
 * @param directory where the storage has its root
 */
public record BackupSource(
        Storage storage, Path directory, SqliteCatalog catalog, LocalLog log, LocalSegmentStore segments) {}
