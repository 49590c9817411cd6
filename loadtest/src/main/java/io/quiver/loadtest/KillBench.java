package io.quiver.loadtest;

import io.quiver.loadtest.kill.KillRun;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench kill}: kill -9 at random moments under writers; exits 1 when a promise was broken. */
@Command(
        name = "kill",
        description =
                "Kills a server at random moments under load, restarts it, and compares with what it acknowledged.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class KillBench implements Callable<Integer> {
    @Option(names = "--kills", description = "How often.")
    private int kills = 20;

    @Option(names = "--writers", description = "Connections that write.")
    private int writers = 4;

    @Option(names = "--seed", description = "Of the random moments and operations; by default the time.")
    private long seed = System.currentTimeMillis();

    @Option(names = "--config", description = "Configuration file of the server, for small deltas say.")
    private List<Path> config = List.of();

    @Override
    public Integer call() throws IOException {
        System.out.printf("seed %d%n", seed);
        Path directory = Files.createTempDirectory("quiver-kill");
        List<String> options = config.isEmpty()
                ? List.of()
                : List.of("--config", config.getFirst().toString());
        KillRun run = new KillRun(ServerProcess.root(), directory, kills, writers, seed, options);
        KillRun.Outcome outcome;
        try (ProgressBar bar = new ProgressBar("kills", kills)) {
            outcome = run.run(bar::stepBy);
        }
        outcome.problems().forEach(System.out::println);
        System.out.printf(
                "%d kills, %d starts, %d acknowledged batches: %d problems%n",
                kills,
                outcome.starts(),
                outcome.acknowledged(),
                outcome.problems().size());
        if (outcome.problems().isEmpty()) {
            Folders.delete(directory);
            return 0;
        }
        System.out.println("the data directory is kept: " + directory);
        return 1;
    }
}
