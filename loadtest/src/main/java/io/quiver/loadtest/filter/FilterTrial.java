package io.quiver.loadtest.filter;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.ExactSearch;
import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;
import java.util.Arrays;

/** Asks filters of one case after the other, and has the server's processor time read before and after. */
final class FilterTrial {
    private static final int K = 10;
    private static final double NS = 1e9;

    private final FilterClient client;
    private final DataSet set;
    private final ServerUsage usage;
    private final double seconds;
    private final int recallQueries;
    /** Never the same filter twice, whatever is measured. */
    private int question;

    /** @param seconds of each measurement */
    FilterTrial(FilterClient client, DataSet set, ServerUsage usage, double seconds, int recallQueries) {
        this.client = client;
        this.set = set;
        this.usage = usage;
        this.seconds = seconds;
        this.recallQueries = recallQueries;
    }

    FilterOutcome run(FilterCase filter) throws IOException {
        double recall = recall(filter);
        Cost get = cost(() -> client.get(filter.json().apply(question), K));
        Cost query = cost(() -> client.query(
                filter.json().apply(question),
                set.queries(),
                question % set.queries().count(),
                K));
        return new FilterOutcome(
                filter.name(), filter.selectivity(), get.wallMs, get.cpuMs, query.wallMs, query.cpuMs, recall);
    }

    private record Cost(double wallMs, double cpuMs) {}

    @FunctionalInterface
    private interface Asking {
        void ask() throws IOException;
    }

    private Cost cost(Asking asking) throws IOException {
        double cpuBefore = usage.cpuSeconds();
        long begin = System.nanoTime();
        int count = 0;
        while (System.nanoTime() - begin < seconds * NS) {
            asking.ask();
            question++;
            count++;
        }
        double wall = (System.nanoTime() - begin) / NS;
        return new Cost(wall / count * 1e3, (usage.cpuSeconds() - cpuBefore) / count * 1e3);
    }

    /** Of the hits that there are: a filter may accept fewer than were asked for. */
    private double recall(FilterCase filter) throws IOException {
        Vectors queries = set.withQueries(recallQueries).queries();
        int[][] truth = ExactSearch.nearest(
                set.base(), queries, set.space(), K, filter.accepts().apply(question));
        int found = 0;
        int wanted = 0;
        for (int i = 0; i < queries.count(); i++) {
            int[] hits = client.query(filter.json().apply(question), queries, i, K);
            for (int row : truth[i]) {
                wanted += row >= 0 ? 1 : 0;
                found += row >= 0 && Arrays.stream(hits).anyMatch(hit -> hit == row) ? 1 : 0;
            }
        }
        question++;
        return wanted == 0 ? 1 : (double) found / wanted;
    }
}
