package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.index.Churn;
import io.quiver.loadtest.index.ChurnOutcome;
import io.quiver.loadtest.index.Comparison;
import io.quiver.loadtest.index.ComparisonReport;
import io.quiver.loadtest.index.engine.Engines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench index}: the index alone, against others, at equal recall. */
@Command(
        name = "index",
        description = {
            "Builds indexes in this process and measures recall@10 against queries a second of processor time, one thread.",
            "Engines are measured in turns; their speeds are compared at equal recall, by interpolation."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class IndexBench implements Callable<Integer> {
    private static final double CHURN_SHARE = 0.02;
    private static final int CHURN_COMPARED_EVERY = 10;

    /** They log each step of a build; kept here, for loggers are forgotten otherwise. */
    private static final List<Logger> TALKATIVE =
            List.of(Logger.getLogger("io.github.jbellis"), Logger.getLogger("org.apache.lucene"));

    @Option(
            names = "--data",
            description = "mnist:FOLDER, fvecs:PREFIX or generated:n=..,d=..,queries=..,space=..; may be repeated.")
    private List<String> data = List.of("generated:n=200000,d=128");

    @Option(names = "--queries", description = "Search with at most so many queries.")
    private int queries = 2_000;

    @Option(names = "--engines", split = ",", description = "Beginnings of the names of what is compared.")
    private List<String> engines = List.of("quiver", "exact", "jvector", "lucene");

    @Option(
            names = "--build-threads",
            split = ",",
            description = "Quiver is built with each of these numbers of threads.")
    private List<Integer> buildThreads = List.of(1);

    @Option(names = "--rounds", description = "How often each width is measured; the median counts.")
    private int rounds = 5;

    @Option(names = "--round-seconds", description = "Processor time of one measurement.")
    private double roundSeconds = 0.5;

    @Option(names = "--filters", description = "Search within filters too, against the exact scan of the matches.")
    private boolean hasFilters;

    @Option(
            names = "--churn",
            description =
                    "Deletes and inserts 2 %% of half the rows again and again; compares joined graphs with built ones.")
    private boolean isChurn;

    @Option(names = "--generations", description = "Generations of a churn.")
    private int generations = 50;

    @Option(names = "--out", description = "Folder for index.json and the plots.")
    private Path out = Path.of("quiver-bench");

    @Override
    public Integer call() throws IOException {
        TALKATIVE.forEach(logger -> logger.setLevel(Level.WARNING));
        if (isChurn) {
            churn();
        } else {
            compare();
        }
        return 0;
    }

    private void churn() throws IOException {
        for (String description : data) {
            ChurnOutcome outcome = new Churn(
                            read(description), generations, CHURN_SHARE, CHURN_COMPARED_EVERY, System.out::println)
                    .run();
            outcome.write(out);
            System.out.println(outcome.summary());
        }
    }

    private DataSet read(String description) throws IOException {
        System.err.println("reading " + description);
        return DataSets.open(description).withQueries(queries);
    }

    private void compare() throws IOException {
        Comparison comparison = new Comparison(Engines.named(engines), buildThreads, rounds, roundSeconds, hasFilters);
        ComparisonReport report = new ComparisonReport(out);
        for (String description : data) {
            System.out.print(report.add(comparison.run(read(description))));
        }
        System.err.println("wrote " + out.resolve("index.json"));
    }
}
