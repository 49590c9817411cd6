package io.quiver.loadtest.overload;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.QueryBody;
import io.quiver.loadtest.door.Session;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures what a server can do, offers it a part of that and multiples of it, and the part again: at once, for two seconds, in
 * which it has to be as before, and longer.
 */
public final class OverloadRun {
    private static final int BATCH = 1_000;
    private static final int K = 10;
    private static final int CLOSED_LOOP = 64;
    private static final int QUESTIONS = 256;
    private static final double USUAL = 0.7;
    private static final double[] MULTIPLES = {2, 5, 10};
    private static final double RECOVERY_SECONDS = 2;

    private final URI server;
    private final ServerUsage usage;
    private final DataSet set;
    private final String effort;
    private final double seconds;
    private final int connections;

    /**
     * A run against one server.
     *
     * @param effort a JSON field that says how hard to search
     */
    public OverloadRun(URI server, ServerUsage usage, DataSet set, String effort, double seconds, int connections) {
        this.server = server;
        this.usage = usage;
        this.set = set;
        this.effort = effort;
        this.seconds = seconds;
        this.connections = connections;
    }

    /**
     * Loads, and offers load after load.
     *
     * @param out takes the table, line by line
     */
    public void run(Consumer<String> out) throws IOException {
        HttpDoor door = new HttpDoor(server);
        load(door);
        OfferedLoad load = new OfferedLoad(server, usage, door.path() + "/query", bodies());
        load.run("warm-up", 0, seconds, CLOSED_LOOP);
        Trial most = load.run("capacity", 0, seconds, CLOSED_LOOP);
        out.accept(Trial.header());
        out.accept(most.line());
        Trial usual = trial(load, out, "x " + USUAL, USUAL * most.goodput(), seconds);
        for (double multiple : MULTIPLES) {
            Trial over = trial(load, out, "x " + (int) multiple, multiple * most.goodput(), seconds);
            Trial after = trial(load, out, "after", USUAL * most.goodput(), RECOVERY_SECONDS);
            out.accept("x %.0f: goodput %.2f of capacity, p99 %.2f of that at x 0.7, memory %.2f; p99 after it %.2f"
                    .formatted(
                            multiple,
                            over.goodput() / most.goodput(),
                            over.answeredMs(99) / usual.answeredMs(99),
                            over.residentMiB() / usual.residentMiB(),
                            after.answeredMs(99) / usual.answeredMs(99)));
        }
    }

    private Trial trial(OfferedLoad load, Consumer<String> out, String name, double perSecond, double duration)
            throws IOException {
        Trial trial = load.run(name, perSecond, duration, connections);
        out.accept(trial.line());
        return trial;
    }

    private void load(HttpDoor door) throws IOException {
        door.create("overload", set.space(), set.base().dimension());
        try (Session session = door.connect()) {
            for (int from = 0; from < set.base().count(); from += BATCH) {
                session.add(set.base(), from, Math.min(set.base().count(), from + BATCH));
            }
        }
        Settling.await(server);
    }

    private List<byte[]> bodies() {
        QueryBody query = new QueryBody(K, "," + effort);
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
            int row = i % set.queries().count();
            StringBuilder body = new StringBuilder();
            query.append(body, set.queries(), row, row + 1, "same");
            bodies.add(body.toString().getBytes(StandardCharsets.US_ASCII));
        }
        return bodies;
    }
}
