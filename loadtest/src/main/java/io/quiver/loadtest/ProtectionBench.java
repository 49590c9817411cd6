package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.protection.ProtectionRun;
import io.quiver.loadtest.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench protection}: what keys, rights, rates and quotas cost. */
@Command(
        name = "protection",
        description = {
            "Asks single queries of a server that knows nobody, and in turns of one that checks keys, rights, rates and",
            "quotas: as many as they answer, and a part of that. Ratios are of medians over the turns."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class ProtectionBench implements Callable<Integer> {
    @Option(names = "--data", description = "What is loaded and searched.")
    private String data = "generated:n=20000,d=128,queries=2000";

    @Option(names = "--connections", description = "Connections.")
    private int connections = 64;

    @Option(names = "--seconds", description = "Length of each measurement.")
    private double seconds = 4;

    @Option(names = "--turns", description = "Measurements of each kind.")
    private int turns = 5;

    @Option(names = "--load", description = "Rate of the open loop, as a share of the open server's.")
    private double load = 0.7;

    @Option(names = "--out", description = "Folder for report.json and report.html.")
    private Path out = Path.of("quiver-bench-protection");

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("quiver-protection");
        try {
            Report report = new Report("Quiver bench protection: " + data);
            Duration duration = Duration.ofMillis((long) (seconds * 1e3));
            new ProtectionRun(DataSets.open(data), connections, duration, turns, load).run(folder, report);
            System.out.print(report.table());
            report.write(out);
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }
}
