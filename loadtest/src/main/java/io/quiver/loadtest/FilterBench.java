package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.filter.FilterRun;
import io.quiver.loadtest.filter.FilterSettings;
import io.quiver.loadtest.pgvector.PgvectorServer;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench filters}: what filters cost, alone and with an embedding. */
@Command(
        name = "filters",
        description = {
            "Loads records with 20 keys and a document each over HTTP, and asks filters of every kind and selectivity,",
            "alone (get, 10 ids) and with an embedding (query, k = 10): time and processor time of the server a question",
            "over one connection, and queries a second over many, client and server on one machine.",
            "Each question asks another filter, as far as the key has so many values; what then repeats is remembered."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class FilterBench implements Callable<Integer> {
    @Option(names = "--data", description = "mnist:FOLDER, fvecs:PREFIX or generated:n=..,d=..,queries=..")
    private String data = "generated:n=1000000,d=128,queries=200";

    @Option(names = "--kinds", split = ",", description = "Beginnings of the names of filters, as the table has them.")
    private List<String> kinds = List.of("");

    @Option(names = "--seconds", description = "How long each measurement takes.")
    private double seconds = 2;

    @Option(names = "--connections", description = "That ask at once where queries a second are counted.")
    private int connections = 16;

    @Option(names = "--target-recall", description = "Recall that queries ask for; 0 for the collection's beam width.")
    private double targetRecall = 0.99;

    @Option(names = "--recall-queries", description = "Queries of which each recall is taken.")
    private int recallQueries = 50;

    @Option(
            names = "--beside-pgvector",
            description =
                    "Installs PostgreSQL with pgvector by pip, and has both answer in turns, filters on an integer key.")
    private boolean isBesidePgvector;

    @Option(names = "--rounds", description = "How often they take turns.")
    private int rounds = 7;

    @Option(
            names = "--server",
            split = ",",
            description = "Options of the server, without dashes: set=graph.rows-min=100000")
    private List<String> options = List.of();

    @Override
    public Integer call() throws IOException {
        DataSet set = DataSets.open(data);
        Path directory = Files.createTempDirectory("quiver-filters");
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.root(),
                directory.resolve("data"),
                directory.resolve("server.log"),
                options.stream().map(option -> "--" + option).toArray(String[]::new))) {
            var settings = new FilterSettings(kinds, seconds, connections, recallQueries, targetRecall);
            FilterRun run = new FilterRun(server.http(), server.usage(), set);
            if (isBesidePgvector) {
                runBeside(run, settings, directory);
            } else {
                run.run(settings, System.out::println);
            }
            server.stop();
        } finally {
            Folders.delete(directory);
        }
        return 0;
    }

    private void runBeside(FilterRun run, FilterSettings settings, Path directory) throws IOException {
        Path installation = ServerProcess.root().resolve("loadtest/target/peers/pgvector");
        Path own = Files.createTempDirectory("quiver-pgvector");
        try (PgvectorServer pgvector = PgvectorServer.start(installation, own)) {
            run.runBeside(pgvector, directory, settings, rounds, System.out::println);
        } finally {
            Folders.delete(own);
        }
    }
}
