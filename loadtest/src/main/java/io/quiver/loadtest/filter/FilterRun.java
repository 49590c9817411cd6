package io.quiver.loadtest.filter;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.door.CollectionClient;
import io.quiver.loadtest.pgvector.PgvectorFilters;
import io.quiver.loadtest.pgvector.PgvectorServer;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;

/**
 * Loads records with metadata and documents into a server, waits until it has settled, and asks filters of every kind.
 */
public final class FilterRun {
    private static final String COLLECTION = "filters";
    private static final int BATCH = 1_000;
    private static final List<Integer> CARDINALITIES_BESIDE = List.of(100, 10, 2, 1);

    private final URI server;
    private final ServerUsage usage;
    private final DataSet set;

    public FilterRun(URI server, ServerUsage usage, DataSet set) {
        this.server = server;
        this.usage = usage;
        this.set = set;
    }

    /**
     * Loads, waits, and measures one case after the other, when all of them have been asked once.
     *
     * @param out takes the table, line by line
     */
    public void run(FilterSettings settings, Consumer<String> out) throws IOException {
        load(out);
        try (CollectionClient collection = new CollectionClient(server, COLLECTION)) {
            FilterClient client = new FilterClient(collection);
            FilterTrial warm = new FilterTrial(client, set, server, usage, settings.toWarm());
            FilterTrial trial = new FilterTrial(client, set, server, usage, settings);
            List<FilterCase> cases =
                    FilterCase.all().stream().filter(settings::includes).toList();
            for (FilterCase filter : cases) {
                warm.run(filter);
            }
            out.accept(FilterOutcome.TITLE);
            for (FilterCase filter : cases) {
                out.accept(trial.run(filter).toString());
            }
        }
    }

    /**
     * Loads both servers, and measures them in turns: filters on an integer key that accept at least one record in a
     * hundred.
     *
     * @param scripts folder for those of {@code pgbench}
     * @param out takes the table, line by line
     */
    public void runBeside(
            PgvectorServer pgvector, Path scripts, FilterSettings settings, int rounds, Consumer<String> out)
            throws IOException {
        load(out);
        PgvectorFilters other = new PgvectorFilters(pgvector, set, scripts);
        other.load(CARDINALITIES_BESIDE, FilterRecords::value);
        out.accept("pgvector: loaded");
        try (CollectionClient collection = new CollectionClient(server, COLLECTION)) {
            FilterTrial trial = new FilterTrial(new FilterClient(collection), set, server, usage, settings);
            for (int cardinality : CARDINALITIES_BESIDE) {
                trial.queriesPerSecond(FilterCase.integer(cardinality));
            }
            out.accept(BesideOutcome.TITLE);
            for (int cardinality : CARDINALITIES_BESIDE) {
                out.accept(new BesideTrial(trial, other, set, usage, settings, rounds)
                        .run(cardinality)
                        .toString());
            }
        }
    }

    /** By a connection of its own, which would count as idle before the server has settled. */
    private void load(Consumer<String> out) throws IOException {
        FilterRecords records = new FilterRecords(set.base());
        long begin = System.nanoTime();
        try (CollectionClient client = new CollectionClient(server, COLLECTION);
                ProgressBar bar = new ProgressBar("load", set.base().count())) {
            for (int from = 0; from < set.base().count(); from += BATCH) {
                int to = Math.min(set.base().count(), from + BATCH);
                client.add(records.json(from, to));
                bar.stepTo(to);
            }
        }
        double loaded = (System.nanoTime() - begin) / 1e9;
        double settled = Settling.await(server).toMillis() / 1e3;
        out.accept(String.format(
                Locale.ROOT,
                "%,d records x %d, %d keys each: loaded in %.0f s, settled %.0f s later, %.0f MiB resident",
                set.base().count(),
                set.base().dimension(),
                FilterRecords.KEYS,
                loaded,
                settled,
                usage.residentMiB()));
    }
}
