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
    private static final String COLLECTION = "overload";
    private static final int CLOSED_LOOP = 64;

    /** Fewer calls, for each has some searches. */
    private static final int CALLS = 8;

    private static final double USUAL = 0.7;
    private static final double[] MULTIPLES = {2, 5, 10};
    private static final double RECOVERY_SECONDS = 2;

    /** In its first overload a server learns how much it can do. */
    private static final double FIRST_SECONDS = 5;

    private final URI server;
    private final ServerUsage usage;
    private final Questions questions;
    private final double seconds;

    /** A run against one server. */
    public OverloadRun(URI server, ServerUsage usage, Questions questions, double seconds) {
        this.server = server;
        this.usage = usage;
        this.questions = questions;
        this.seconds = seconds;
    }

    /**
     * Loads, and offers single searches by HTTP.
     *
     * @param connections that offer them
     * @param out takes the table, line by line
     */
    public void http(int connections, Consumer<String> out) throws IOException {
        HttpDoor door = loaded();
        run(new OfferedRequests(server, usage, questions.requests(door)), CLOSED_LOOP, connections, out);
    }

    /**
     * The same over Flight, a call for some searches each.
     *
     * @param flight the server's Flight door
     * @param perCall searches of a call
     */
    public void flight(URI flight, int perCall, Consumer<String> out) throws IOException {
        loaded();
        run(new OfferedCalls(flight, usage, questions.calls(COLLECTION, perCall)), CALLS, 1, out);
    }

    private HttpDoor loaded() throws IOException {
        HttpDoor door = new HttpDoor(server);
        questions.load(door, COLLECTION);
        Settling.await(server);
        return door;
    }

    private void run(OfferedLoad load, int closedLoop, int connections, Consumer<String> out) throws IOException {
        load.run("warm-up", 0, seconds, closedLoop);
        Trial most = load.run("capacity", 0, seconds, closedLoop);
        out.accept(Trial.header());
        out.accept(most.line());
        trial(load, connections, out, "x 2, first", 2 * most.goodput(), FIRST_SECONDS);
        Trial usual = trial(load, connections, out, "x " + USUAL, USUAL * most.goodput(), seconds);
        for (double multiple : MULTIPLES) {
            Trial over = trial(load, connections, out, "x " + (int) multiple, multiple * most.goodput(), seconds);
            Trial after = trial(load, connections, out, "after", USUAL * most.goodput(), RECOVERY_SECONDS);
            out.accept("x %.0f: goodput %.2f of capacity, p99 %.2f of that at x 0.7, memory %.2f; p99 after it %.2f"
                    .formatted(
                            multiple,
                            over.goodput() / most.goodput(),
                            over.answeredMs(99) / usual.answeredMs(99),
                            over.residentMiB() / usual.residentMiB(),
                            after.answeredMs(99) / usual.answeredMs(99)));
        }
    }

    private static Trial trial(
            OfferedLoad load, int connections, Consumer<String> out, String name, double perSecond, double duration)
            throws IOException {
        Trial trial = load.run(name, perSecond, duration, connections);
        out.accept(trial.line());
        return trial;
    }
}
