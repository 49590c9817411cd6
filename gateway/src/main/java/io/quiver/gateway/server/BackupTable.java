package io.quiver.gateway.server;

import io.quiver.compactor.backup.BackupManifest;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Backups as lines for people. */
final class BackupTable {
    static final String HEADER =
            "%-24s %-20s %-12s %14s %12s %18s".formatted("backup", "of", "kind", "log offset", "collections", "bytes");

    private BackupTable() {}

    static String row(BackupManifest backup) {
        return "%-24s %-20s %-12s %14s %,12d %,18d"
                .formatted(
                        backup.id(),
                        backup.createdAt().truncatedTo(ChronoUnit.SECONDS),
                        backup.kind().name().toLowerCase(Locale.ROOT),
                        backup.offset(),
                        backup.collections(),
                        backup.sizeBytes());
    }
}
