package io.quiver.loadtest.overload;

import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Two tenants with collections alike. One always asks for a part of its share of what the server can do; the other for
 * its share, and then for many times as much.
 */
public final class FairnessRun {
    private static final int CLOSED_LOOP = 32;
    private static final double CALM = 0.3;
    private static final double P = 99;

    /** Then both have their connections, and what is new to client and server has been compiled. */
    private static final double BEGINNING_SECONDS = 5;

    private final URI server;
    private final ServerUsage usage;
    private final Questions questions;
    private final double seconds;
    private final int connections;
    private final double multiple;

    /**
     * A run against one server.
     *
     * @param connections of the tenant that asks for too much
     * @param multiple of its share, that it asks for
     */
    public FairnessRun(
            URI server, ServerUsage usage, Questions questions, double seconds, int connections, double multiple) {
        this.server = server;
        this.usage = usage;
        this.questions = questions;
        this.seconds = seconds;
        this.connections = connections;
        this.multiple = multiple;
    }

    /** Prints what is measured before the flood, in it and after it, and how much higher the calm tenant's 99th percentile is in it. */
    public void run(Consumer<String> out) throws IOException {
        OfferedLoad calm = tenant("calm");
        OfferedLoad flood = tenant("flood");
        Settling.await(server);
        calm.run("warm-up", 0, seconds, CLOSED_LOOP);
        double share = flood.run("capacity", 0, seconds, CLOSED_LOOP).goodput() / 2;
        out.accept(Trial.header());
        Trial before = both(calm, flood, share, 1, out);
        Trial beside = both(calm, flood, share, multiple, out);
        Trial after = both(calm, flood, share, 1, out);
        double usualMs = (before.answeredMs(P) + after.answeredMs(P)) / 2;
        out.accept(
                "p99 of the calm tenant beside one that asks for %.0f times its share: %.2f of the usual, goodput %.2f"
                        .formatted(multiple, beside.answeredMs(P) / usualMs, beside.goodput() / before.goodput()));
    }

    private OfferedLoad tenant(String name) throws IOException {
        HttpDoor door = HttpDoor.ofNewTenant(server, name);
        questions.load(door, name);
        return new OfferedRequests(server, usage, questions.requests(door));
    }

    private Trial both(OfferedLoad calm, OfferedLoad flood, double share, double times, Consumer<String> out)
            throws IOException {
        CompletableFuture<Trial> flooding =
                CompletableFuture.supplyAsync(() -> flooded(flood, share * times, "flood x %.0f".formatted(times)));
        calm.run("beginning", CALM * share, BEGINNING_SECONDS, CLOSED_LOOP);
        Trial calmly = calm.run("calm", CALM * share, seconds, CLOSED_LOOP);
        try {
            out.accept(flooding.join().line());
        } catch (CompletionException failure) {
            throw new IOException(failure.getCause());
        }
        out.accept(calmly.line());
        return calmly;
    }

    private Trial flooded(OfferedLoad flood, double perSecond, String name) {
        try {
            return flood.run(name, perSecond, BEGINNING_SECONDS + seconds, connections);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
