package io.quiver.gateway.server;

import io.quiver.compactor.backup.BackupPath;
import io.quiver.compactor.backup.Drill;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quiver drill}: would a restore work? */
@Command(
        name = "drill",
        description = {
            "Restores a backup into a scratch directory, compares every byte, opens it and asks it questions.",
            "Exits with 0 where all is well, with 1 where something is wrong. Deletes the scratch directory."
        },
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class DrillCommand implements Callable<Integer> {
    private static final int GOOD = 0;
    private static final int BAD = 1;
    private static final double MS = 1000.0;

    @Parameters(paramLabel = "BACKUP", description = "The directory of backups, or one of them: BACKUPS/ID.")
    Path backup = Path.of("");

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description = "Where to restore to: an existing directory on a disk with room. The system's by default.")
    Path scratch = Path.of(System.getProperty("java.io.tmpdir"));

    private final ProgressLine progress = new ProgressLine(System.err);

    @Override
    public Integer call() {
        try {
            Drill.Report report = Drill.run(BackupPath.of(backup), scratch, progress::moved);
            print(System.out, report);
            return report.isGood() ? GOOD : BAD;
        } catch (IOException failure) {
            progress.clear();
            throw new StartException("the drill with %s failed: %s".formatted(backup, failure.getMessage()), failure);
        }
    }

    private void print(PrintStream out, Drill.Report report) {
        progress.clear();
        out.printf("backup           %s%n", report.backup());
        out.printf("restored in      %s%n", seconds(report.restoreTook()));
        out.printf("answered after   %s%n", seconds(report.openTook()));
        out.printf("collections      %,d%n", report.collections());
        out.printf("records          %,d%n", report.records());
        out.printf("samples asked    %,d%n", report.questions());
        report.problems().forEach(problem -> out.println("WRONG  " + problem));
        out.println(report.isGood() ? "good" : "not good");
    }

    private static String seconds(Duration duration) {
        return "%.2f s".formatted(duration.toMillis() / MS);
    }
}
