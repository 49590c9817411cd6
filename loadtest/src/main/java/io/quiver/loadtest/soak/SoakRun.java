package io.quiver.loadtest.soak;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.door.HttpConnection;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.overload.OfferedLoad;
import io.quiver.loadtest.overload.OfferedRequests;
import io.quiver.loadtest.overload.Request;
import io.quiver.loadtest.overload.Trial;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Measures what a server can do of a mixture of work, offers it a part of that for long, and looks at its memory
 * meanwhile.
 */
public final class SoakRun {
    private static final int CONNECTIONS = 16;
    private static final int DRAWN = 10_000;
    private static final double MINUTE = 60;

    private final URI server;
    private final ServerUsage usage;
    private final LiveHeap heap;
    private final int minutes;
    private final double share;
    private final int settlingMinutes;
    private final MemoryTrend memory;
    private long failed;
    private long refused;
    private long answered;

    /**
     * A run against one server.
     *
     * @param share of what it can do that it is asked for
     * @param settlingMinutes in which memory may grow
     */
    public SoakRun(ServerProcess server, int minutes, double share, int settlingMinutes) {
        this.server = server.http();
        this.usage = server.usage();
        this.heap = new LiveHeap(server.process().pid());
        this.minutes = minutes;
        this.share = share;
        this.settlingMinutes = settlingMinutes;
        this.memory = new MemoryTrend(settlingMinutes);
    }

    /**
     * Loads, measures, and asks minute after minute.
     *
     * @param out takes a line for each minute, and the sum
     * @return whether everything was answered and memory stayed within {@code growthMax} an hour
     */
    public boolean run(DataSet set, long seed, double growthMax, Consumer<String> out) throws IOException {
        HttpDoor door = new HttpDoor(server);
        door.create("soak", set.space(), set.base().dimension());
        MixedRequests requests = new MixedRequests(set, door.path(), new SplittableRandom(seed));
        load(requests);
        OfferedLoad load = new OfferedRequests(server, usage, requests.draw(DRAWN));
        load.run("warm-up", 0, MINUTE / 2, CONNECTIONS);
        Trial most = load.run("capacity", 0, MINUTE / 2, CONNECTIONS);
        out.accept(Trial.header());
        out.accept(most.line());
        try (MemorySampler _ = new MemorySampler(usage, memory)) {
            for (int minute = 1; minute <= minutes; minute++) {
                note(load.run("minute " + minute, share * most.goodput(), MINUTE, CONNECTIONS), out);
                if (minute == settlingMinutes || minute == minutes) {
                    out.accept("alive on the heap after a full collection: %.0f MiB".formatted(heap.mib()));
                }
            }
        }
        out.accept("%d answered, %d refused, %d failed; %.0f MiB on average, growing by %.2f %% an hour"
                .formatted(answered, refused, failed, memory.meanMiB(), 100 * memory.growthAnHour()));
        return failed == 0 && refused == 0 && memory.growthAnHour() <= growthMax;
    }

    private void load(MixedRequests requests) throws IOException {
        try (HttpConnection connection = new HttpConnection(server)) {
            for (Request request : requests.load()) {
                connection.send("POST", request.path(), request.body()).expectSuccess();
            }
        }
    }

    private void note(Trial trial, Consumer<String> out) {
        answered += trial.answered().getTotalCount();
        refused += trial.refused().getTotalCount();
        failed += trial.failed();
        out.accept(trial.line());
    }
}
