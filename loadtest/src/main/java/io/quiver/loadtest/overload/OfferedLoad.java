package io.quiver.loadtest.overload;

import io.quiver.loadtest.door.HttpConnection;
import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * Sends requests that are due at a steady rate, whatever the server does, over enough connections to do so, each with a
 * thread of its own. Requests are made before: what the client spends is missing to the server on the same machine.
 */
public final class OfferedLoad {
    private static final long LATENCY_MAX_MICROS = 600_000_000L;
    private static final String HEARTBEAT = "/api/v2/heartbeat";
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final URI server;
    private final ServerUsage usage;
    private final List<Request> requests;
    private final Supplier<ExecutorService> threads;

    /** Each connection on a virtual thread. */
    public OfferedLoad(URI server, ServerUsage usage, List<Request> requests) {
        this(server, usage, requests, Executors::newVirtualThreadPerTaskExecutor);
    }

    /**
     * Load of some requests, sent in turns.
     *
     * @param threads made anew for each run, with one for each of its connections
     */
    OfferedLoad(URI server, ServerUsage usage, List<Request> requests, Supplier<ExecutorService> threads) {
        this.server = server;
        this.usage = usage;
        this.requests = List.copyOf(requests);
        this.threads = threads;
    }

    /**
     * Connects, and begins when the server has answered something on each connection: what it costs to take many at once
     * is not what is measured.
     *
     * @param perSecond 0 for a closed loop: each connection asks again when it has its answer
     */
    public Trial run(String name, double perSecond, double seconds, int connections) throws IOException {
        List<HttpConnection> open = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            HttpConnection connection = new HttpConnection(server);
            connection.send("GET", HEARTBEAT, new byte[0]).expectSuccess();
            open.add(connection);
        }
        Run run = new Run(perSecond, seconds);
        try (ExecutorService asking = threads.get()) {
            open.forEach(connection -> asking.execute(() -> run.ask(connection)));
        }
        return run.result(name);
    }

    private final class Run {
        private final double perSecond;
        private final long begin = System.nanoTime();
        private final long end;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicLong failed = new AtomicLong();
        private final Histogram answered = new SynchronizedHistogram(LATENCY_MAX_MICROS, 3);
        private final Histogram refused = new SynchronizedHistogram(LATENCY_MAX_MICROS, 3);

        Run(double perSecond, double seconds) {
            this.perSecond = perSecond;
            this.end = begin + (long) (seconds * 1e9);
        }

        void ask(HttpConnection first) {
            try (first) {
                askOver(first);
                while (System.nanoTime() - end < 0) {
                    try (HttpConnection next = new HttpConnection(server)) {
                        askOver(next);
                    }
                }
            } catch (IOException e) {
                failed.incrementAndGet();
            }
        }

        private void askOver(HttpConnection connection) throws IOException {
            while (!connection.isClosing()) {
                int number = next.getAndIncrement();
                long due = perSecond == 0 ? System.nanoTime() : begin + (long) (number * 1e9 / perSecond);
                if (due - end >= 0) {
                    return;
                }
                waitUntil(due);
                Request sent = requests.get(number % requests.size());
                record(connection.send("POST", sent.path(), sent.body()).status(), due);
            }
        }

        private void record(int status, long due) {
            long micros = Math.clamp((System.nanoTime() - due) / 1_000, 0, LATENCY_MAX_MICROS);
            if (status / 100 == 2) {
                answered.recordValue(micros);
            } else if (status == UNAVAILABLE || status == TOO_MANY) {
                refused.recordValue(micros);
            } else {
                failed.incrementAndGet();
            }
        }

        private static void waitUntil(long due) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        Trial result(String name) throws IOException {
            double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
            double offered =
                    perSecond == 0 ? (answered.getTotalCount() + refused.getTotalCount()) / seconds : perSecond;
            return new Trial(name, offered, seconds, answered, refused, failed.get(), usage.residentMiB());
        }
    }
}
