package io.quiver.loadtest.overload;

import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.swarm.Swarm;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends requests by HTTP over enough connections to keep to the rate. Requests are made before, and two threads serve
 * all connections: what the client spends is missing to the server on the same machine, and hundreds of threads that
 * wait for their moments wake up late.
 */
public final class OfferedRequests implements OfferedLoad {
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final URI server;
    private final ServerUsage usage;
    private final List<byte[]> requests;
    private final byte[] greeting;

    /** Load of some requests, sent in turns. */
    public OfferedRequests(URI server, ServerUsage usage, List<Request> requests) {
        this.server = server;
        this.usage = usage;
        this.requests = requests.stream().map(request -> request.wire(server)).toList();
        this.greeting = "GET /api/v2/heartbeat HTTP/1.1\r\nHost: %s\r\n\r\n"
                .formatted(server.getAuthority())
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Trial run(String name, double perSecond, double seconds, int atOnce) throws IOException {
        Swarm swarm = new Swarm(name, server, atOnce, Duration.ofNanos((long) (seconds * 1e9)));
        Counted counted = new Counted();
        double took = perSecond == 0 ? swarm.closedLoop(counted, counted) : swarm.openLoop(counted, perSecond, counted);
        return counted.tally.trial(name, perSecond, took, usage.residentMiB());
    }

    private final class Counted implements Swarm.Requests, Swarm.Answers {
        private final AtomicInteger next = new AtomicInteger();
        private final Tally tally = new Tally();

        @Override
        public byte[] next() {
            return requests.get(Math.floorMod(next.getAndIncrement(), requests.size()));
        }

        @Override
        public byte[] greeting() {
            return greeting;
        }

        @Override
        public void taken(int status, long micros) {
            if (status / 100 == 2) {
                tally.answered(micros);
            } else if (status == UNAVAILABLE || status == TOO_MANY) {
                tally.refused(micros);
            } else {
                tally.failed();
            }
        }
    }
}
