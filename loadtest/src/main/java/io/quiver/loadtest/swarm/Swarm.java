package io.quiver.loadtest.swarm;

import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Many connections to one server, whose answers one thread takes.
 *
 * <p>A closed loop sends the next request of a connection when its answer has come. An open loop has a second thread
 * that sends request {@code i} at the moment {@code i / rate}, on a connection that is idle; it is measured from that
 * moment, also when no connection was idle (no coordinated omission).
 *
 * @param name of the run
 * @param connections kept open during the run
 * @param duration of sending
 */
public record Swarm(String name, URI server, int connections, Duration duration) {
    private static final long LATENCY_MAX_MICROS = 3_600_000_000L;

    /** Where requests come from: whole ones, head and body, not changed until they are asked for again. */
    @FunctionalInterface
    public interface Requests {
        byte[] next();

        /** What is sent once on each connection before time is taken, empty for nothing. */
        default byte[] greeting() {
            return new byte[0];
        }
    }

    /** Where answers go, on one thread. */
    @FunctionalInterface
    public interface Answers {
        void taken(int status, long micros);
    }

    /** As many requests as the server answers. */
    public Measurement closedLoop(Requests requests, ServerUsage usage) throws IOException {
        return measured(requests, usage, SwarmRun::closedLoop);
    }

    /** So many requests a second, whatever becomes of them. */
    public Measurement openLoop(Requests requests, ServerUsage usage, double perSecond) throws IOException {
        return measured(requests, usage, run -> run.openLoop(perSecond));
    }

    private Measurement measured(Requests requests, ServerUsage usage, Loop loop) throws IOException {
        Counted counted = new Counted();
        try (SwarmRun run = new SwarmRun(this, requests, counted)) {
            double cpu = usage.cpuSeconds();
            double seconds = loop.secondsOf(run);
            return counted.measured(name, seconds, usage.cpuSeconds() - cpu);
        }
    }

    /** As {@link #closedLoop(Requests, ServerUsage)}; returns the seconds up to the last answer. */
    public double closedLoop(Requests requests, Answers answers) throws IOException {
        try (SwarmRun run = new SwarmRun(this, requests, answers)) {
            return run.closedLoop();
        }
    }

    /** As {@link #openLoop(Requests, ServerUsage, double)}; returns the seconds up to the last answer. */
    public double openLoop(Requests requests, double perSecond, Answers answers) throws IOException {
        try (SwarmRun run = new SwarmRun(this, requests, answers)) {
            return run.openLoop(perSecond);
        }
    }

    @FunctionalInterface
    private interface Loop {
        double secondsOf(SwarmRun run) throws IOException;
    }

    private static final class Counted implements Answers {
        private final Histogram latencies = new Histogram(LATENCY_MAX_MICROS, 3);
        private long answered;
        private long errors;

        @Override
        public void taken(int status, long micros) {
            latencies.recordValue(Math.clamp(micros, 0, LATENCY_MAX_MICROS));
            answered++;
            errors += status / 100 == 2 ? 0 : 1;
        }

        Measurement measured(String name, double seconds, double cpu) {
            return new Measurement(name, answered, seconds, latencies, Double.NaN, cpu, errors);
        }
    }
}
