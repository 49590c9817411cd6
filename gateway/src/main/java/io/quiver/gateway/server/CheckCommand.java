package io.quiver.gateway.server;

import io.quiver.compactor.CheckReport;
import io.quiver.compactor.DirectoryCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code quiver check}: is everything in a data directory as it was written? */
@Command(
        name = "check",
        description = {
            "Reads a whole data directory, which no server may have open, and says what is damaged. Changes nothing.",
            "Exits with 0 where all is sound, with 1 where something is damaged."
        },
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class CheckCommand implements Callable<Integer> {
    private static final int SOUND = 0;
    private static final int DAMAGED = 1;

    @Parameters(paramLabel = "DIR", description = "The data directory.")
    Path directory = Path.of("");

    private final ProgressLine progress = new ProgressLine(System.err);

    @Override
    public Integer call() {
        try {
            CheckReport report = DirectoryCheck.run(directory, progress::moved);
            print(System.out, report);
            return report.isSound() ? SOUND : DAMAGED;
        } catch (IOException failure) {
            throw new StartException("cannot check %s: %s".formatted(directory, failure), failure);
        }
    }

    private void print(PrintStream out, CheckReport report) {
        progress.clear();
        row(out, "collections", report.collections());
        row(out, "log entries", report.logEntries());
        row(out, "sealed segments", report.segments());
        row(out, "records in them", report.records());
        row(out, "bytes compared", report.bytes());
        report.findings().forEach(finding -> out.println((finding.isDamage() ? "DAMAGED  " : "note     ") + finding));
        out.println(report.isSound() ? "sound" : "damaged");
    }

    private static void row(PrintStream out, String what, long count) {
        out.printf("%-16s %,18d%n", what, count);
    }
}
