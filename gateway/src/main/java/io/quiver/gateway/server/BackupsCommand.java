package io.quiver.gateway.server;

import io.quiver.compactor.backup.BackupManifest;
import io.quiver.compactor.backup.BackupPath;
import io.quiver.compactor.backup.Backups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code quiver backups}: which ones there are. */
@Command(
        name = "backups",
        description = "Lists the backups of a directory, oldest first.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class BackupsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BACKUPS", description = "The directory of backups.")
    Path directory = Path.of("");

    @Override
    public Integer call() {
        try {
            Backups backups = Backups.in(BackupPath.of(directory).directory());
            System.out.println(BackupTable.HEADER);
            for (BackupManifest backup : backups.list()) {
                System.out.println(BackupTable.row(backup));
            }
            return 0;
        } catch (IOException failure) {
            throw new StartException("cannot list %s: %s".formatted(directory, failure.getMessage()), failure);
        }
    }
}
