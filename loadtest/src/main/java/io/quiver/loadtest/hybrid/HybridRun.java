package io.quiver.loadtest.hybrid;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.door.CollectionClient;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.Settling;
import io.quiver.loadtest.sparse.ZipfVectors;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import org.HdrHistogram.Histogram;

/**
 * Loads records with both vectors, waits until the server has settled, searches them over one connection, and forks
 * them.
 */
public final class HybridRun {
    private static final String COLLECTION = "hybrid";
    private static final int BATCH = 1_000;
    private static final int WARM_SECONDS = 5;
    private static final long MICROS_MAX = 60_000_000;
    private static final List<HybridQuery> QUERIES = List.of(
            new HybridQuery("dense", true, false, false),
            new HybridQuery("sparse", false, true, false),
            new HybridQuery("hybrid", true, true, false),
            new HybridQuery("hybrid, $contains of 1 %", true, true, true));

    private final URI server;
    private final ServerUsage usage;
    private final DataSet set;
    private final ZipfVectors sparse;
    private final int queryTerms;
    private long asked;

    /**
     * @param sparse draws the sparse vectors, of records and of queries
     * @param queryTerms of a sparse query
     */
    public HybridRun(URI server, ServerUsage usage, DataSet set, ZipfVectors sparse, int queryTerms) {
        this.server = server;
        this.usage = usage;
        this.set = set;
        this.sparse = sparse;
        this.queryTerms = queryTerms;
    }

    /**
     * Loads, waits, searches and forks.
     *
     * @param seconds of each measurement
     * @param forks how often each collection is forked
     * @param out takes what was measured, line by line
     */
    public void run(double seconds, int forks, Consumer<String> out) throws IOException {
        load(new HybridRecords(set.base(), sparse), out);
        try (CollectionClient client = new CollectionClient(server, COLLECTION)) {
            for (HybridQuery query : QUERIES) {
                measure(client, query, WARM_SECONDS);
            }
            for (HybridQuery query : QUERIES) {
                out.accept(measure(client, query, seconds));
            }
            out.accept(forks(client, set.base().count(), forks));
        }
        try (CollectionClient few = new CollectionClient(server, "few")) {
            few.add(new HybridRecords(set.head(10).base(), sparse).json(0, 10));
            out.accept(forks(few, 10, forks));
        }
    }

    private void load(HybridRecords records, Consumer<String> out) throws IOException {
        long begin = System.nanoTime();
        try (CollectionClient client = new CollectionClient(server, COLLECTION);
                ProgressBar bar = new ProgressBar("load", records.count())) {
            for (int from = 0; from < records.count(); from += BATCH) {
                int to = Math.min(records.count(), from + BATCH);
                client.add(records.json(from, to));
                bar.stepTo(to);
            }
        }
        double loaded = (System.nanoTime() - begin) / 1e9;
        double settled = Settling.await(server).toMillis() / 1e3;
        out.accept(String.format(
                Locale.ROOT,
                "%,d records: loaded in %.0f s, settled %.0f s later, %.0f MiB resident",
                records.count(),
                loaded,
                settled,
                usage.residentMiB()));
    }

    private String measure(CollectionClient client, HybridQuery query, double seconds) throws IOException {
        Histogram micros = new Histogram(MICROS_MAX, 3);
        double cpu = usage.cpuSeconds();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            int number = (int) (asked % set.queries().count());
            String body = query.json(set.queries(), number, sparse.query(queryTerms), asked++);
            long begin = System.nanoTime();
            client.post("/search", body);
            micros.recordValue(Math.min(MICROS_MAX, (System.nanoTime() - begin) / 1_000));
        }
        return String.format(
                Locale.ROOT,
                "%-26s p50 %6.2f ms  p90 %6.2f ms  p99 %6.2f ms  server CPU %6.2f ms",
                query.name(),
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(90) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                (usage.cpuSeconds() - cpu) * 1e3 / micros.getTotalCount());
    }

    /** Each is deleted at once: what they map counts as memory that is taken. */
    private static String forks(CollectionClient client, int records, int count) throws IOException {
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            String name = "fork-%d-%d".formatted(records, i);
            long begin = System.nanoTime();
            JsonNode fork = client.post("/fork", "{\"new_name\":\"%s\"}".formatted(name));
            millis[i] = (System.nanoTime() - begin) / 1e6;
            if (!fork.has("id")) {
                throw new IOException("no fork: " + fork);
            }
            client.delete(name);
        }
        Arrays.sort(millis);
        return String.format(
                Locale.ROOT,
                "forks of %,d records: median %.1f ms, from %.1f to %.1f ms",
                records,
                millis[count / 2],
                millis[0],
                millis[count - 1]);
    }
}
