package io.quiver.loadtest.filter;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.ExactSearch;
import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.door.QueryBody;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.swarm.QueryRequests;
import io.quiver.loadtest.swarm.Swarm;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;

/**
 * Asks filters of one case after the other, and has the server's processor time read before and after: over one
 * connection, and then over many, which is how many queries a second there can be.
 */
final class FilterTrial {
    static final int K = 10;
    private static final int DIFFERENT_REQUESTS = 2_000;
    private static final double NS = 1e9;

    private final FilterClient client;
    private final DataSet set;
    private final URI server;
    private final ServerUsage usage;
    private final FilterSettings settings;
    /** Never the same filter twice, whatever is measured. */
    private int question;

    FilterTrial(FilterClient client, DataSet set, URI server, ServerUsage usage, FilterSettings settings) {
        this.client = client;
        this.set = set;
        this.server = server;
        this.usage = usage;
        this.settings = settings;
    }

    FilterOutcome run(FilterCase filter) throws IOException {
        double recall = recall(filter);
        Cost get = cost(() -> client.get(filter.json().apply(question), K));
        Cost query = cost(() -> client.query(
                form(filter, question), set.queries(), question % set.queries().count()));
        return new FilterOutcome(
                filter.name(),
                filter.selectivity(),
                get.wallMs,
                get.cpuMs,
                query.wallMs,
                query.cpuMs,
                queriesPerSecond(filter),
                recall);
    }

    private QueryBody form(FilterCase filter, int number) {
        return new QueryBody(K, "," + filter.json().apply(number) + settings.effort());
    }

    /** Of many connections at once. */
    double queriesPerSecond(FilterCase filter) throws IOException {
        int first = question;
        question += DIFFERENT_REQUESTS;
        QueryRequests requests = QueryRequests.eachNew(
                server, client.path(), set.queries(), DIFFERENT_REQUESTS, i -> form(filter, first + i));
        Duration duration = Duration.ofNanos((long) (settings.seconds() * NS));
        return new Swarm(filter.name(), server, settings.connections(), duration)
                .closedLoop(requests, usage)
                .perSecond();
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
        while (System.nanoTime() - begin < settings.seconds() * NS) {
            asking.ask();
            question++;
            count++;
        }
        double wall = (System.nanoTime() - begin) / NS;
        return new Cost(wall / count * 1e3, (usage.cpuSeconds() - cpuBefore) / count * 1e3);
    }

    double recall(FilterCase filter) throws IOException {
        int number = question++;
        Vectors queries = set.withQueries(settings.recallQueries()).queries();
        int[][] truth = ExactSearch.nearest(
                set.base(), queries, set.space(), K, filter.accepts().apply(number));
        int[][] hits = new int[queries.count()][];
        for (int i = 0; i < hits.length; i++) {
            hits[i] = client.query(form(filter, number), queries, i);
        }
        return recall(truth, hits);
    }

    /** Of the hits that there are: a filter may accept fewer than were asked for. */
    static double recall(int[][] truth, int[][] hits) {
        int found = 0;
        int wanted = 0;
        for (int i = 0; i < truth.length; i++) {
            int[] ofQuery = hits[i];
            for (int row : truth[i]) {
                wanted += row >= 0 ? 1 : 0;
                found += row >= 0 && Arrays.stream(ofQuery).anyMatch(hit -> hit == row) ? 1 : 0;
            }
        }
        return wanted == 0 ? 1 : (double) found / wanted;
    }
}
