package io.quiver.gateway.server;

import io.quiver.compactor.backup.BackupPath;
import io.quiver.compactor.backup.Repair;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quiver repair}: mends a data directory where that can be done without loss. */
@Command(
        name = "repair",
        description = {
            "Mends a data directory, which no server may have open, from its log and from backups.",
            "Destroys nothing: what was damaged is moved to a directory beside the rest.",
            "Exits with 0 where all is sound in the end, with 1 where something is damaged still."
        },
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class RepairCommand implements Callable<Integer> {
    private static final int SOUND = 0;
    private static final int DAMAGED = 1;

    @Parameters(paramLabel = "DIR", description = "The data directory.")
    Path directory = Path.of("");

    @Option(names = "--from", paramLabel = "BACKUPS", description = "A directory with backups of this data directory.")
    @Nullable Path backups;

    @Override
    public Integer call() {
        try {
            Optional<BackupPath> from = backups == null ? Optional.empty() : Optional.of(BackupPath.of(backups));
            Repair.Report report = Repair.run(directory, from);
            print(System.out, report);
            return report.after().isSound() ? SOUND : DAMAGED;
        } catch (IOException failure) {
            throw new StartException("cannot repair %s: %s".formatted(directory, failure.getMessage()), failure);
        }
    }

    private static void print(PrintStream out, Repair.Report report) {
        report.saved().forEach(what -> out.println("saved    " + what));
        report.lost().forEach(what -> out.println("LOST     " + what));
        report.after()
                .findings()
                .forEach(finding -> out.println((finding.isDamage() ? "DAMAGED  " : "note     ") + finding));
        if (report.saved().isEmpty() && report.after().isSound()) {
            out.println("nothing was damaged");
        }
        out.println(report.after().isSound() ? "sound" : "damaged");
    }
}
