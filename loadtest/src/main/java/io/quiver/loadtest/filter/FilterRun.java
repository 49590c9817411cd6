package io.quiver.loadtest.filter;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;

/** Loads records with metadata and documents into a server, waits until it rests, and asks filters of every kind. */
public final class FilterRun {
    private static final String COLLECTION = "filters";
    private static final int BATCH = 1_000;
    private static final int WARM_QUESTIONS_SECONDS = 1;
    /** A server that works less than this in a look has nothing more to compact. */
    private static final double RESTING_CPU_SHARE = 0.03;

    private static final int LOOK_MS = 3_000;
    private static final int LOOKS_AT_REST = 3;

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
     * @param kinds beginnings of the names of the filters to be asked
     * @param seconds of each measurement
     * @param out takes the table, line by line
     */
    public void run(List<String> kinds, double seconds, int recallQueries, Consumer<String> out) throws IOException {
        try (FilterClient client = new FilterClient(server, COLLECTION)) {
            load(client, out);
            FilterTrial warm = new FilterTrial(client, set, usage, WARM_QUESTIONS_SECONDS, 1);
            FilterTrial trial = new FilterTrial(client, set, usage, seconds, recallQueries);
            List<FilterCase> cases = FilterCase.all().stream()
                    .filter(filter -> kinds.stream().anyMatch(filter.name()::startsWith))
                    .toList();
            for (FilterCase filter : cases) {
                warm.run(filter);
            }
            out.accept(FilterOutcome.TITLE);
            for (FilterCase filter : cases) {
                out.accept(trial.run(filter).toString());
            }
        }
    }

    private void load(FilterClient client, Consumer<String> out) throws IOException {
        FilterRecords records = new FilterRecords(set.base());
        long begin = System.nanoTime();
        try (ProgressBar bar = new ProgressBar("load", set.base().count())) {
            for (int from = 0; from < set.base().count(); from += BATCH) {
                int to = Math.min(set.base().count(), from + BATCH);
                client.add(records.json(from, to));
                bar.stepTo(to);
            }
        }
        double loaded = (System.nanoTime() - begin) / 1e9;
        awaitRest(client);
        double rested = (System.nanoTime() - begin) / 1e9;
        out.accept(String.format(
                Locale.ROOT,
                "%,d records x %d, %d keys each: loaded in %.0f s, at rest after %.0f s, %.0f MiB resident",
                client.count(),
                set.base().dimension(),
                FilterRecords.KEYS,
                loaded,
                rested,
                usage.residentMiB()));
    }

    /** Asks a little meanwhile, so that the connection does not count as idle. */
    private void awaitRest(FilterClient client) throws IOException {
        for (int looks = 0; looks < LOOKS_AT_REST; ) {
            double before = usage.cpuSeconds();
            try {
                Thread.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            client.count();
            boolean isResting = usage.cpuSeconds() - before < RESTING_CPU_SHARE * LOOK_MS / 1e3;
            looks = isResting ? looks + 1 : 0;
        }
    }
}
