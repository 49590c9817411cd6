package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.overload.Questions;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What offers searches to a server of its own at the rate that is wanted, whatever becomes of them. */
abstract class OfferedLoadBench implements Callable<Integer> {
    @Option(names = "--data", description = "What is loaded and searched.")
    private String data = "generated:n=50000,d=128,queries=256";

    @Option(names = "--effort", description = "Field of each query that says how hard to search.")
    private String effort = "\"target_recall\":1";

    @Option(
            names = "--seconds",
            description = "Length of each measurement. In a short one it counts how an overload begins.")
    private double seconds = 25;

    double seconds() {
        return seconds;
    }

    /** Measures a server that has nothing yet. */
    abstract void measure(ServerProcess server, Questions questions) throws IOException;

    @Override
    public final Integer call() throws IOException {
        Questions questions = new Questions(DataSets.open(data), effort);
        Path folder = Files.createTempDirectory("quiver-load");
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.root(),
                folder.resolve("data"),
                folder.resolve("server.log"),
                "--set",
                "cache.bytes-max=0",
                "--set",
                "compaction.age-max=2 s")) {
            measure(server, questions);
            server.stop();
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }
}
