package io.quiver.loadtest;

import io.quiver.loadtest.report.Report;
import io.quiver.loadtest.write.WriteRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench writes}: what durability costs. */
@Command(
        name = "writes",
        description = {
            "Adds single records over HTTP, each answered when it is durable: how many a second, and how many share a",
            "force; beside it how often the disk forces one small write after the other."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class WriteBench implements Callable<Integer> {
    @Option(names = "--connections", description = "Writers, each with a connection of its own.")
    private int connections = 64;

    @Option(names = "--dimension", description = "Of the embeddings.")
    private int dimension = 128;

    @Option(names = "--seconds", description = "Length of each measurement.")
    private double seconds = 5;

    @Option(names = "--folder", description = "Where the data are written while it runs.")
    private Path parent = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--out", description = "Folder for report.json and report.html.")
    private Path out = Path.of("quiver-bench-writes");

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory(parent, "quiver-writes");
        try {
            Report report =
                    new Report("Quiver bench writes: %d writers, %d dimensions".formatted(connections, dimension));
            new WriteRun(connections, dimension, Duration.ofMillis((long) (seconds * 1e3))).run(folder, report);
            System.out.print(report.table());
            report.write(out);
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }
}
