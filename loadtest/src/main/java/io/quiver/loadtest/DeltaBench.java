package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.delta.Contest;
import io.quiver.loadtest.delta.FreshRows;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench delta}: fresh records, searched by their codes and one by one. */
@Command(
        name = "delta",
        description = {
            "Appends vectors to a delta segment and searches it on one thread, by codes and by the exact scan in turns.",
            "Times are processor time; clusters=0 in the data's description makes the hardest ones, without structure."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class DeltaBench implements Callable<Integer> {
    @Option(
            names = "--data",
            description = "mnist:FOLDER, fvecs:PREFIX or generated:n=..,d=..,queries=..,space=..; may be repeated.")
    private List<String> data = List.of(
            "generated:n=100000,d=768,queries=320,space=cosine", "generated:n=100000,d=768,queries=320,clusters=0");

    @Option(names = "--queries", description = "Search with at most so many queries.")
    private int queries = 320;

    @Option(names = "--batch", split = ",", description = "Queries that are searched together.")
    private List<Integer> batches = List.of(1, 32);

    @Option(names = "--ef", split = ",", description = "Beam widths, which here say how little is to be missed.")
    private List<Integer> efs = List.of(100);

    @Option(names = "--rounds", description = "How often all queries are asked; the median counts.")
    private int rounds = 5;

    @Override
    public Integer call() throws IOException {
        for (String description : data) {
            measure(DataSets.open(description).withQueries(queries));
        }
        return 0;
    }

    private void measure(DataSet set) {
        try (FreshRows rows = new FreshRows(set)) {
            System.out.printf(
                    "%s: append %.0f ns a row, of which codes %.0f ns; %.0f bytes a row%n",
                    set.name(), rows.appendNs(), rows.encodeNs(), rows.rowBytes());
            Contest contest = new Contest(set, rows);
            contest.run(batches.getFirst(), efs.getFirst(), 2);
            for (int ef : efs) {
                for (int batch : batches) {
                    System.out.println(contest.run(batch, ef, rounds));
                }
            }
        }
    }
}
