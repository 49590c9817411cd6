package io.quiver.compactor.backup;

import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.log.LocalLog;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.storage.DiskStorage;

/** The data directory that is backed up: its parts, open, which belong to the caller. */
public record BackupSource(DiskStorage storage, SqliteCatalog catalog, LocalLog log, LocalSegmentStore segments) {}
