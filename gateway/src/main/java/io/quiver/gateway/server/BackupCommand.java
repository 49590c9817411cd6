package io.quiver.gateway.server;

import io.quiver.compactor.backup.BackupKind;
import io.quiver.compactor.backup.Backups;
import io.quiver.compactor.backup.StoppedDirectory;
import io.quiver.log.storage.DirectoryInUseException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quiver backup}: a copy of a data directory, consistent at one log offset. */
@Command(
        name = "backup",
        description = {
            "Backs up a data directory that no server has open. What earlier backups hold is not copied again.",
            "A server that runs makes its own backups: POST /api/v2/admin/snapshots, or by its schedule."
        },
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class BackupCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The data directory.")
    Path directory = Path.of("");

    @Option(names = "--to", required = true, paramLabel = "BACKUPS", description = "The directory of backups.")
    Path target = Path.of("");

    @Option(names = "--full", description = "Read also what is there already, and copy again what is damaged.")
    boolean isFull;

    private final ProgressLine progress = new ProgressLine(System.err);

    @Override
    public Integer call() {
        try (StoppedDirectory stopped = StoppedDirectory.open(directory)) {
            BackupKind kind = isFull ? BackupKind.FULL : BackupKind.INCREMENTAL;
            Backups.Taken taken = Backups.in(target).take(stopped.source(), kind, progress::moved);
            progress.clear();
            System.out.println(BackupTable.HEADER);
            System.out.println(BackupTable.row(taken.manifest()));
            System.out.printf("%,d bytes were copied%n", taken.copiedBytes());
            return 0;
        } catch (DirectoryInUseException inUse) {
            throw new StartException(
                    "%s; ask its server: POST /api/v2/admin/snapshots".formatted(inUse.getMessage()), inUse);
        } catch (IOException failure) {
            throw new StartException("cannot back up %s: %s".formatted(directory, failure.getMessage()), failure);
        }
    }
}
