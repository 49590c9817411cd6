package io.quiver.loadtest.overload;

import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.net.URI;
import java.util.function.Consumer;

/**
 * Measures what a server can do, offers it a part of that and multiples of it, and the part again: at once, for two
 * seconds, in which it has to be as before, and longer.
 */
public final class OverloadRun {
    private static final int CLOSED_LOOP = 64;
    private static final double USUAL = 0.7;
    private static final double[] MULTIPLES = {2, 5, 10};
    private static final double RECOVERY_SECONDS = 2;

    private final URI server;
    private final ServerUsage usage;
    private final Questions questions;
    private final double seconds;
    private final int connections;

    /** A run against one server. */
    public OverloadRun(URI server, ServerUsage usage, Questions questions, double seconds, int connections) {
        this.server = server;
        this.usage = usage;
        this.questions = questions;
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
        questions.load(door, "overload");
        Settling.await(server);
        OfferedLoad load = new OfferedLoad(server, usage, questions.requests(door));
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
}
