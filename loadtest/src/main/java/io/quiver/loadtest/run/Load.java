package io.quiver.loadtest.run;

import io.quiver.loadtest.door.RefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * Sends a number of requests over several sessions, one thread each.
 *
 * <p>A closed loop sends the next request when the answer has come. An open loop gives request {@code i} its own
 * moment, {@code i / rate}, and measures from there: a server that stalls is charged with every request that had to
 * wait, even those which could not be sent meanwhile (no coordinated omission).
 *
 * @param ratePerSecond of an open loop, 0 for a closed one
 */
public record Load<S extends Closeable>(
        String name, int requests, int connections, double ratePerSecond, Callable<S> connect, Work<S> work) {
    private static final long LATENCY_MAX_MICROS = 3_600_000_000L;

    /** Runs it to the end. {@code progress} is told the operations of each request that is done. */
    public Measurement run(ServerUsage server, IntConsumer progress) throws IOException {
        Run run = new Run(progress);
        double cpuBefore = server.cpuSeconds();
        long begin = System.nanoTime();
        run.all(begin);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = server.cpuSeconds() - cpuBefore;
        return new Measurement(name, run.operations.get(), seconds, run.latencies, Double.NaN, cpu, run.errors.get());
    }

    private final class Run {
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicLong operations = new AtomicLong();
        private final AtomicLong errors = new AtomicLong();
        private final Histogram latencies = new SynchronizedHistogram(LATENCY_MAX_MICROS, 3);
        private final IntConsumer progress;

        Run(IntConsumer progress) {
            this.progress = progress;
        }

        void all(long begin) throws IOException {
            try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
                List<Future<?>> loops = new ArrayList<>();
                for (int i = 0; i < connections; i++) {
                    loops.add(threads.submit(() -> loop(begin)));
                }
                for (Future<?> loop : loops) {
                    loop.get();
                }
            } catch (ExecutionException e) {
                throw new IOException(name + ": " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(name + " was interrupted", e);
            }
        }

        private Void loop(long begin) throws Exception {
            try (S session = connect.call()) {
                for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                    long due =
                            begin + (ratePerSecond == 0 ? System.nanoTime() - begin : (long) (i * 1e9 / ratePerSecond));
                    waitUntil(due);
                    one(session, i, due);
                }
            }
            return null;
        }

        private void one(S session, int request, long due) throws IOException {
            int count = 0;
            try {
                count = work.run(session, request);
            } catch (RefusedException e) {
                errors.incrementAndGet();
            }
            latencies.recordValue(Math.clamp((System.nanoTime() - due) / 1_000, 0, LATENCY_MAX_MICROS));
            operations.addAndGet(count);
            progress.accept(count);
        }

        private static void waitUntil(long due) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
