package io.quiver.loadtest.overload;

import io.quiver.flight.client.CallSender;
import io.quiver.flight.client.RecordedCall;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends searches over Flight, a call for each batch, over a few connections that all calls share. Calls are recorded
 * before, and no thread waits for an answer: what the client spends is missing to the server on the same machine.
 */
public final class OfferedCalls implements OfferedLoad {
    private static final int CONNECTIONS = 4;
    private static final double NANOS = 1e9;

    private final URI server;
    private final ServerUsage usage;
    private final List<RecordedCall> calls;

    /** Load of some calls, sent in turns. */
    public OfferedCalls(URI server, ServerUsage usage, List<RecordedCall> calls) {
        this.server = server;
        this.usage = usage;
        this.calls = List.copyOf(calls);
    }

    /** Of an open loop any number of calls may be under way at once. */
    @Override
    public Trial run(String name, double perSecond, double seconds, int atOnce) throws IOException {
        try (CallSender sender = CallSender.to(server, CONNECTIONS)) {
            Run run = new Run(sender);
            run.connect();
            long begin = System.nanoTime();
            long end = begin + (long) (seconds * NANOS);
            if (perSecond == 0) {
                run.closedLoop(atOnce, end);
            } else {
                run.openLoop(perSecond, begin, end);
            }
            run.awaitEnds();
            double took = (System.nanoTime() - begin) / NANOS;
            return run.tally.trial(name, perSecond, took, usage.residentMiB());
        }
    }

    private final class Run {
        private final CallSender sender;
        private final Tally tally = new Tally();
        private final AtomicInteger next = new AtomicInteger();

        /** Who sends, and each call under way. */
        private final Phaser underWay = new Phaser(1);

        Run(CallSender sender) {
            this.sender = sender;
        }

        void connect() {
            for (int i = 0; i < CONNECTIONS; i++) {
                underWay.register();
                sender.send(calls.getFirst(), _ -> underWay.arriveAndDeregister());
            }
            underWay.arriveAndAwaitAdvance();
        }

        void openLoop(double perSecond, long begin, long end) {
            long due = begin;
            for (long i = 0; due < end; due = begin + (long) (++i * NANOS / perSecond)) {
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                send(due, () -> {});
            }
        }

        void closedLoop(int atOnce, long end) {
            for (int i = 0; i < atOnce; i++) {
                sendAgain(end);
            }
        }

        private void sendAgain(long end) {
            long now = System.nanoTime();
            if (now < end) {
                send(now, () -> sendAgain(end));
            }
        }

        private void send(long due, Runnable then) {
            underWay.register();
            RecordedCall call = calls.get(Math.floorMod(next.getAndIncrement(), calls.size()));
            sender.send(call, refusal -> {
                count(refusal, (System.nanoTime() - due) / 1_000);
                then.run();
                underWay.arriveAndDeregister();
            });
        }

        private void count(@Nullable QuiverException refusal, long micros) {
            if (refusal == null) {
                tally.answered(micros);
            } else if (refusal.retryAfter() != null) {
                tally.refused(micros);
            } else {
                tally.failed();
            }
        }

        void awaitEnds() {
            underWay.arriveAndAwaitAdvance();
        }
    }
}
