package io.quiver.loadtest;

import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.torture.Torture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code quiver torture}: kill -9 and power cuts at random moments under writers; exits 1 when a promise was broken.
 */
@Command(
        name = "torture",
        description = {
            "Kills a server at random moments under load, or cuts its power, restarts it, and compares with what it acknowledged.",
            "A power cut takes back, in whole or in part, whatever the server wrote and had not forced; it needs a C compiler (cc).",
            "Ends at the first broken promise, keeps the data directory then, and exits with 1."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class TortureCommand implements Callable<Integer> {
    /** So that compactions are hit too. */
    private static final List<String> SMALL = List.of("--set", "delta.rows-max=500", "--set", "compaction.age-max=2 s");

    @Option(names = "--kills", description = "How often to kill it.")
    private int kills = 20;

    @Option(names = "--cuts", description = "How often to cut its power.")
    private int cuts = 5;

    @Option(names = "--writers", description = "Connections that write.")
    private int writers = 4;

    @Option(names = "--seed", description = "Of the random moments and operations; by default the time.")
    private long seed = System.currentTimeMillis();

    @Option(names = "--config", description = "Configuration file of the server, instead of small deltas.")
    private List<Path> config = List.of();

    @Override
    public Integer call() throws IOException {
        System.out.printf("seed %d%n", seed);
        Path directory = Files.createTempDirectory("quiver-torture");
        List<String> options =
                config.isEmpty() ? SMALL : List.of("--config", config.getFirst().toString());
        Torture torture = new Torture(ServerProcess.root(), directory, kills, cuts, writers, seed, options);
        Torture.Outcome outcome;
        try (ProgressBar bar = new ProgressBar("ends", kills + cuts)) {
            outcome = torture.run(now ->
                    bar.stepTo(now.kills() + now.cuts()).setExtraMessage("%,d batches".formatted(now.acknowledged())));
        }
        return report(outcome, directory);
    }

    private static int report(Torture.Outcome outcome, Path directory) throws IOException {
        outcome.problems().forEach(System.out::println);
        System.out.printf(
                "%d kills, %d power cuts that took back %d changes, %d starts, %d acknowledged batches: %d problems%n",
                outcome.kills(),
                outcome.cuts(),
                outcome.undone(),
                outcome.starts(),
                outcome.acknowledged(),
                outcome.problems().size());
        if (outcome.problems().isEmpty()) {
            Folders.delete(directory);
            return 0;
        }
        System.out.println("the data directory and the server's log are kept: " + directory);
        return 1;
    }
}
