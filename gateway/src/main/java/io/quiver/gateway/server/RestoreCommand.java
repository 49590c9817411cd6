package io.quiver.gateway.server;

import io.quiver.compactor.backup.BackupPath;
import io.quiver.compactor.backup.Restore;
import io.quiver.compactor.backup.RestorePoint;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quiver restore}: a data directory as it was. */
@Command(
        name = "restore",
        description = {
            "Makes a data directory of backups, as of the newest one, of a log offset or of a time.",
            "Every checksum is compared. Where anything is wrong, nothing is made."
        },
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class RestoreCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "BACKUP",
            description = "The directory of backups, or one of them: BACKUPS/ID.")
    Path backup = Path.of("");

    @Parameters(index = "1", paramLabel = "DIR", description = "The data directory to make: empty, or not there.")
    Path directory = Path.of("");

    @ArgGroup
    @Nullable Point point;

    /** One of them at most. */
    static final class Point {
        @Option(names = "--to-offset", paramLabel = "N", description = "End with this log entry.")
        @Nullable Long offset;

        @Option(
                names = "--to-time",
                paramLabel = "TIME",
                description = "End before the first write after this time: 2026-11-21T15:00:00Z.")
        @Nullable String time;
    }

    private final ProgressLine progress = new ProgressLine(System.err);

    @Override
    public Integer call() {
        try {
            print(System.out, Restore.run(BackupPath.of(backup), directory, restorePoint(), progress::moved));
            return 0;
        } catch (IOException failure) {
            progress.clear();
            throw new StartException("cannot restore %s: %s".formatted(directory, failure.getMessage()), failure);
        }
    }

    private RestorePoint restorePoint() {
        if (point == null) {
            return new RestorePoint.End();
        }
        try {
            return point.offset == null
                    ? new RestorePoint.Time(
                            OffsetDateTime.parse(String.valueOf(point.time)).toInstant())
                    : new RestorePoint.Offset(new LogOffset(point.offset));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new StartException("not a point to restore to: " + e.getMessage(), e);
        }
    }

    private void print(PrintStream out, Restore.Report report) {
        progress.clear();
        out.printf(
                "restored %s up to log entry %s, from backup %s: %,d collections, %,d bytes%n",
                directory, report.through(), report.base(), report.collections(), report.bytes());
        report.leftOut()
                .forEach((collection, entries) -> out.printf(
                        "left out %,d writes of collection %s, which was created after that backup%n",
                        entries, collection));
    }
}
