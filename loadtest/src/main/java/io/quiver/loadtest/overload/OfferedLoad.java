package io.quiver.loadtest.overload;

import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.swarm.Swarm;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * Sends requests that are due at a steady rate, whatever the server does, over enough connections to do so. Requests
 * are made before, and two threads serve all connections: what the client spends is missing to the server on the same
 * machine, and hundreds of threads that wait for their moments wake up late.
 */
public final class OfferedLoad {
    private static final long LATENCY_MAX_MICROS = 600_000_000L;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final URI server;
    private final ServerUsage usage;
    private final List<byte[]> requests;
    private final byte[] greeting;

    /** Load of some requests, sent in turns. */
    public OfferedLoad(URI server, ServerUsage usage, List<Request> requests) {
        this.server = server;
        this.usage = usage;
        this.requests = requests.stream().map(request -> request.wire(server)).toList();
        this.greeting = "GET /api/v2/heartbeat HTTP/1.1\r\nHost: %s\r\n\r\n"
                .formatted(server.getAuthority())
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Connects, and begins when the server has answered something on each connection: what it costs to take many at
     * once is not what is measured.
     *
     * @param perSecond 0 for a closed loop: each connection asks again when it has its answer
     */
    public Trial run(String name, double perSecond, double seconds, int connections) throws IOException {
        Swarm swarm = new Swarm(name, server, connections, Duration.ofNanos((long) (seconds * 1e9)));
        Tally tally = new Tally();
        double took = perSecond == 0 ? swarm.closedLoop(tally, tally) : swarm.openLoop(tally, perSecond, tally);
        return tally.trial(name, perSecond, took);
    }

    private final class Tally implements Swarm.Requests, Swarm.Answers {
        private final AtomicInteger next = new AtomicInteger();
        private final Histogram answered = new Histogram(LATENCY_MAX_MICROS, 3);
        private final Histogram refused = new Histogram(LATENCY_MAX_MICROS, 3);
        private long failed;

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
                answered.recordValue(Math.clamp(micros, 0, LATENCY_MAX_MICROS));
            } else if (status == UNAVAILABLE || status == TOO_MANY) {
                refused.recordValue(Math.clamp(micros, 0, LATENCY_MAX_MICROS));
            } else {
                failed++;
            }
        }

        Trial trial(String name, double perSecond, double seconds) throws IOException {
            double offered =
                    perSecond == 0 ? (answered.getTotalCount() + refused.getTotalCount()) / seconds : perSecond;
            return new Trial(name, offered, seconds, answered, refused, failed, usage.residentMiB());
        }
    }
}
