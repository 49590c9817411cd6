package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver demo}: the whole tour on generated data, in under a minute. */
@Command(
        name = "demo",
        description = "Starts a server, loads, searches, filters, kills and restarts it, and shows what it saw.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--data", description = "The vectors to load.")
    private String data = "generated:n=50000,d=128,queries=1000,space=cosine";

    @Override
    public Integer call() throws IOException {
        Path directory = Files.createTempDirectory("quiver-demo");
        try {
            System.out.println("1. Generating vectors: " + data);
            Tour tour = new Tour(DataSets.open(data), directory.resolve("data"), directory.resolve("server.log"));
            return tour.run() ? 0 : 1;
        } finally {
            Folders.delete(directory);
        }
    }

    /** What the options of a demo say, for its own test. */
    static DemoCommand of(String data) {
        DemoCommand command = new DemoCommand();
        command.data = data;
        return command;
    }

    /** Starts the server of this installation on a directory. */
    static ServerProcess start(Path directory, Path logFile) throws IOException {
        ServerProcess server = ServerProcess.start(ServerProcess.root(), directory, logFile);
        System.out.printf(
                "   ready after %.2f s at %s and %s, %.0f MiB resident%n",
                server.readyAfter().toMillis() / 1e3,
                server.http(),
                server.flight(),
                server.usage().residentMiB());
        return server;
    }
}
