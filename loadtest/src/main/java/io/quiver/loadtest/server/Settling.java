package io.quiver.loadtest.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;

/**
 * Waits until a server of ours has nothing left to do in the background: all is compacted, every graph is built, and
 * what nobody writes to is merged.
 */
public final class Settling {
    private static final List<String> WORK = List.of(
            "quiver_delta_rows",
            "quiver_graph_waiting_count",
            "quiver_graph_build_rows_wanted",
            "quiver_merge_waiting_count");

    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** A graph that is built is copied into fast memory after that, which no metric shows. */
    private static final int QUIET_LOOKS = 6;

    private Settling() {}

    /** Blocks; returns how long it took. */
    public static Duration await(URI server) throws IOException {
        long begin = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int quiet = 0; quiet < QUIET_LOOKS; ) {
                Thread.sleep(LOOK_EVERY); // the server tells its figures only to those who ask
                quiet = isQuiet(Metrics.page(client, server)) ? quiet + 1 : 0;
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IOException("the server is still busy after " + PATIENCE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Fails where the server does not say how much work it has: what nobody counts is never done. */
    static boolean isQuiet(String metrics) throws IOException {
        boolean isQuiet = true;
        for (String work : WORK) {
            isQuiet &= Metrics.value(metrics, work) == 0;
        }
        return isQuiet;
    }
}
