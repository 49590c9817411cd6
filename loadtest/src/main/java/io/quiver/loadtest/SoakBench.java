package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.soak.SoakRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench soak}: whether a server is after an hour as it was in the beginning. */
@Command(
        name = "soak",
        description = {
            "Asks a server for long for a part of what it can do of searches, filters, records, upserts and deletes at once.",
            "Ends with 1 where anything failed or was refused, or memory grew."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class SoakBench implements Callable<Integer> {
    private static final String JAVA_OPTIONS = "QUIVER_JAVA_OPTIONS";

    @Option(names = "--data", description = "What is loaded and searched.")
    private String data = "generated:n=50000,d=128,queries=256";

    @Option(names = "--minutes", description = "How long.")
    private int minutes = 60;

    @Option(names = "--load", description = "Part of what the server can do that is asked of it.")
    private double load = 0.7;

    @Option(names = "--settling-minutes", description = "Memory may grow for so long.")
    private int settlingMinutes = 10;

    @Option(
            names = "--heap",
            description = "Size of the server's heap, held from the start, for a heap that grows and shrinks with the"
                    + " load tells nothing of what is kept; empty to let it.")
    private String heap = "1g";

    @Option(names = "--growth-max", description = "Part of its memory by which it may grow in an hour after that.")
    private double growthMax = 0.01;

    @Option(names = "--seed", description = "What the requests are drawn from.")
    private long seed = System.nanoTime();

    @Override
    public Integer call() throws IOException {
        System.out.println("seed " + seed);
        Path folder = Files.createTempDirectory("quiver-soak");
        try (ServerProcess server = start(folder)) {
            SoakRun run = new SoakRun(server, minutes, load, settlingMinutes);
            boolean isGood = run.run(DataSets.open(data), seed, growthMax, System.out::println);
            server.stop();
            return isGood ? 0 : 1;
        } finally {
            Folders.delete(folder);
        }
    }

    private ServerProcess start(Path folder) throws IOException {
        return ServerProcess.start(
                ServerProcess.root(), folder.resolve("data"), folder.resolve("server.log"), environment(), List.of());
    }

    private Map<String, String> environment() {
        if (heap.isEmpty()) {
            return Map.of();
        }
        String given = System.getenv().getOrDefault(JAVA_OPTIONS, "");
        return Map.of(JAVA_OPTIONS, "%s -Xms%s -Xmx%<s -XX:+AlwaysPreTouch".formatted(given, heap));
    }
}
