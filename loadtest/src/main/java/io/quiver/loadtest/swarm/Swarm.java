package io.quiver.loadtest.swarm;

import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Many connections to one server, whose answers one thread takes.
 *
 * <p>A closed loop sends the next request of a connection when its answer has come. An open loop has a second thread that
 * sends request {@code i} at the moment {@code i / rate}, on a connection that is idle; it is measured from that moment,
 * also when no connection was idle (no coordinated omission).
 *
 * @param name of the run
 * @param connections kept open during the run
 * @param duration of sending
 */
public record Swarm(String name, URI server, int connections, Duration duration) {
    private static final long LATENCY_MAX_MICROS = 3_600_000_000L;
    private static final long ANSWER_WAIT_MILLIS = 30_000;

    /** Where requests come from: whole ones, head and body, not changed until they are asked for again. */
    @FunctionalInterface
    public interface Requests {
        byte[] next();
    }

    /** As many requests as the server answers. */
    public Measurement closedLoop(Requests requests, ServerUsage usage) throws IOException {
        try (Run run = new Run(requests, usage)) {
            return run.closedLoop();
        }
    }

    /** So many requests a second, whatever becomes of them. */
    public Measurement openLoop(Requests requests, ServerUsage usage, double perSecond) throws IOException {
        try (Run run = new Run(requests, usage)) {
            return run.openLoop(perSecond);
        }
    }

    private final class Run implements AutoCloseable {
        private final Requests requests;
        private final ServerUsage usage;
        private final Selector selector = Selector.open();
        private final List<SwarmConnection> all = new ArrayList<>();
        private final Histogram latencies = new Histogram(LATENCY_MAX_MICROS, 3);
        private long answered;
        private long errors;

        Run(Requests requests, ServerUsage usage) throws IOException {
            this.requests = requests;
            this.usage = usage;
            for (int i = 0; i < connections; i++) {
                all.add(SwarmConnection.open(server, selector));
            }
        }

        Measurement closedLoop() throws IOException {
            double cpu = usage.cpuSeconds();
            long begin = System.nanoTime();
            long end = begin + duration.toNanos();
            for (SwarmConnection connection : all) {
                connection.send(requests.next(), System.nanoTime());
            }
            int underWay = connections;
            while (underWay > 0) {
                underWay -= takeAnswers(connection -> {
                    long now = System.nanoTime();
                    if (now < end) {
                        connection.send(requests.next(), now);
                    }
                    return now < end;
                });
            }
            return measured(begin, cpu);
        }

        Measurement openLoop(double perSecond) throws IOException {
            double cpu = usage.cpuSeconds();
            long begin = System.nanoTime();
            var idle = new ConcurrentLinkedQueue<>(all);
            long count = (long) (perSecond * duration.toNanos() / 1e9);
            var hasFailed = new AtomicBoolean();
            Thread sender = Thread.ofPlatform().start(() -> send(idle, begin, perSecond, count, hasFailed));
            while (answered < count && !hasFailed.get()) {
                takeAnswers(idle::add);
            }
            join(sender);
            return measured(begin, cpu);
        }

        private void send(
                ConcurrentLinkedQueue<SwarmConnection> idle,
                long begin,
                double perSecond,
                long count,
                AtomicBoolean hasFailed) {
            try {
                for (long i = 0; i < count; i++) {
                    long due = begin + (long) (i * 1e9 / perSecond);
                    waitUntil(due);
                    take(idle).send(requests.next(), due);
                }
            } catch (IOException e) {
                hasFailed.set(true);
                selector.wakeup();
            }
        }

        private static SwarmConnection take(ConcurrentLinkedQueue<SwarmConnection> idle) {
            SwarmConnection connection = idle.poll();
            while (connection == null) {
                LockSupport.parkNanos(20_000);
                connection = idle.poll();
            }
            return connection;
        }

        private static void waitUntil(long due) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        /** Waits for answers; returns of how many connections no more was sent. */
        private int takeAnswers(Next next) throws IOException {
            int[] ended = new int[1];
            List<IOException> failures = new ArrayList<>(0);
            int ready = selector.select(
                    key -> {
                        try {
                            ended[0] += take((SwarmConnection) key.attachment(), next);
                        } catch (IOException e) {
                            failures.add(e);
                        }
                    },
                    ANSWER_WAIT_MILLIS);
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            if (ready == 0) {
                throw new IOException(name + ": no answer within " + ANSWER_WAIT_MILLIS + " ms");
            }
            return ended[0];
        }

        private int take(SwarmConnection connection, Next next) throws IOException {
            if (!connection.receive()) {
                return 0;
            }
            long micros = (System.nanoTime() - connection.dueNanos()) / 1_000;
            latencies.recordValue(Math.clamp(micros, 0, LATENCY_MAX_MICROS));
            answered++;
            errors += connection.takeSuccess() ? 0 : 1;
            return next.sends(connection) ? 0 : 1;
        }

        private Measurement measured(long begin, double cpuBefore) throws IOException {
            double seconds = (System.nanoTime() - begin) / 1e9;
            double cpu = usage.cpuSeconds() - cpuBefore;
            return new Measurement(name, answered, seconds, latencies, Double.NaN, cpu, errors);
        }

        private void join(Thread sender) throws IOException {
            try {
                sender.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        @Override
        public void close() throws IOException {
            for (SwarmConnection connection : all) {
                connection.close();
            }
            selector.close();
        }
    }

    /** What becomes of a connection whose answer has come. */
    @FunctionalInterface
    private interface Next {
        /** Whether it is used on. */
        boolean sends(SwarmConnection connection) throws IOException;
    }
}
