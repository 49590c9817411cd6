package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.overload.OverloadRun;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench overload}: goodput and latency when more comes than can be done. */
@Command(
        name = "overload",
        description = {
            "Measures how many searches a server answers to 64 connections, then offers it 0.7, 2, 5 and 10 times as many,",
            "each at its own moment. Searches are exact by default, so that the client costs little beside them."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class OverloadBench implements Callable<Integer> {
    @Option(names = "--data", description = "What is loaded and searched.")
    private String data = "generated:n=50000,d=128,queries=256";

    @Option(names = "--effort", description = "Field of each query that says how hard to search.")
    private String effort = "\"target_recall\":1";

    @Option(names = "--seconds", description = "Length of each measurement.")
    private double seconds = 5;

    @Option(names = "--connections", description = "Connections that offer the load.")
    private int connections = 512;

    @Override
    public Integer call() throws IOException {
        DataSet set = DataSets.open(data);
        Path folder = Files.createTempDirectory("quiver-overload");
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.root(),
                folder.resolve("data"),
                folder.resolve("server.log"),
                "--set",
                "cache.bytes-max=0")) {
            new OverloadRun(server.http(), server.usage(), set, effort, seconds, connections).run(System.out::println);
            server.stop();
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }
}
