package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.hybrid.HybridRun;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.sparse.ZipfVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench hybrid}: records with a dense and a sparse vector, searched by both at once, and forked. */
@Command(
        name = "hybrid",
        description = {
            "Loads records with a dense and a sparse vector over HTTP, and searches them by either, by both fused by",
            "reciprocal ranks, and by both within a text filter, over one connection. Then forks the collection."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class HybridBench implements Callable<Integer> {
    @Option(names = "--data", description = "The dense vectors: mnist:FOLDER, fvecs:PREFIX or generated:n=..,d=..")
    private String data = "generated:n=1000000,d=128,queries=1000";

    @Option(names = "--terms", description = "Terms of a record's sparse vector.")
    private int terms = 100;

    @Option(names = "--vocabulary", description = "Different terms.")
    private int vocabulary = 30_000;

    @Option(names = "--query-terms", description = "Terms of a query.")
    private int queryTerms = 20;

    @Option(names = "--seconds", description = "How long each measurement takes.")
    private double seconds = 10;

    @Option(names = "--forks", description = "How often the collection is forked.")
    private int forks = 15;

    @Option(names = "--seed", description = "Of the sparse vectors.")
    private long seed = 1;

    @Option(
            names = "--server",
            split = ",",
            description = "Options of the server, without dashes: set=search.threads=1")
    private List<String> options = List.of();

    @Override
    public Integer call() throws IOException {
        DataSet set = DataSets.open(data);
        Path directory = Files.createTempDirectory("quiver-hybrid");
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.root(),
                directory.resolve("data"),
                directory.resolve("server.log"),
                options.stream().map(option -> "--" + option).toArray(String[]::new))) {
            ZipfVectors sparse = new ZipfVectors(seed, vocabulary, terms, false);
            new HybridRun(server.http(), server.usage(), set, sparse, queryTerms)
                    .run(seconds, forks, System.out::println);
            server.stop();
        } finally {
            Folders.delete(directory);
        }
        return 0;
    }
}
