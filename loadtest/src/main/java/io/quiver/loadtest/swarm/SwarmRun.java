package io.quiver.loadtest.swarm;

import io.quiver.executor.PromptThreads;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a {@link Swarm}, from opening its connections to closing them. Belongs to the thread that makes it, which
 * takes the answers; an open loop's sender is the only other one.
 */
final class SwarmRun implements AutoCloseable {
    private static final long ANSWER_WAIT_MILLIS = 30_000;

    private final Swarm swarm;
    private final Swarm.Requests requests;
    private final Swarm.Answers answers;
    private final Selector selector = Selector.open();
    private final List<SwarmConnection> all = new ArrayList<>();
    private long answered;

    /** Opens the connections, and greets on each. */
    SwarmRun(Swarm swarm, Swarm.Requests requests, Swarm.Answers answers) throws IOException {
        this.swarm = swarm;
        this.requests = requests;
        this.answers = answers;
        PromptThreads.become();
        try {
            for (int i = 0; i < swarm.connections(); i++) {
                all.add(SwarmConnection.open(swarm.server(), selector));
            }
            greet();
        } catch (IOException failure) {
            close();
            throw failure;
        }
    }

    private void greet() throws IOException {
        byte[] greeting = requests.greeting();
        if (greeting.length > 0) {
            for (SwarmConnection connection : all) {
                connection.send(greeting, System.nanoTime());
            }
            for (int left = swarm.connections(); left > 0; ) {
                left -= takeAnswers(_ -> false, (_, _) -> {});
            }
        }
    }

    double closedLoop() throws IOException {
        long begin = System.nanoTime();
        long end = begin + swarm.duration().toNanos();
        for (SwarmConnection connection : all) {
            connection.send(requests.next(), System.nanoTime());
        }
        int underWay = swarm.connections();
        while (underWay > 0) {
            underWay -= takeAnswers(
                    connection -> {
                        long now = System.nanoTime();
                        if (now < end) {
                            connection.send(requests.next(), now);
                        }
                        return now < end;
                    },
                    answers);
        }
        return secondsSince(begin);
    }

    double openLoop(double perSecond) throws IOException {
        long begin = System.nanoTime();
        long count = (long) (perSecond * swarm.duration().toNanos() / 1e9);
        try (SteadySender sender = new SteadySender(all, requests, selector)) {
            sender.start(begin, perSecond, count);
            while (answered < count) {
                answered += takeAnswers(
                        connection -> {
                            sender.add(connection);
                            return false;
                        },
                        answers,
                        sender::requireSound);
            }
        }
        return secondsSince(begin);
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Waits for answers; returns of how many connections no more was sent. */
    private int takeAnswers(Next next, Swarm.Answers to) throws IOException {
        return takeAnswers(next, to, () -> {});
    }

    private int takeAnswers(Next next, Swarm.Answers to, Sending sending) throws IOException {
        int[] ended = new int[1];
        List<IOException> failures = new ArrayList<>(0);
        int ready = selector.select(
                key -> {
                    try {
                        ended[0] += take((SwarmConnection) key.attachment(), next, to);
                    } catch (IOException e) {
                        failures.add(e);
                    }
                },
                ANSWER_WAIT_MILLIS);
        sending.requireSound();
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        if (ready == 0) {
            throw new IOException(swarm.name() + ": no answer within " + ANSWER_WAIT_MILLIS + " ms");
        }
        return ended[0];
    }

    private static int take(SwarmConnection connection, Next next, Swarm.Answers to) throws IOException {
        if (!connection.receive()) {
            return 0;
        }
        long micros = (System.nanoTime() - connection.dueNanos()) / 1_000;
        to.taken(connection.takeStatus(), micros);
        return next.sends(connection) ? 0 : 1;
    }

    @Override
    public void close() throws IOException {
        for (SwarmConnection connection : all) {
            connection.close();
        }
        selector.close();
    }

    /** Where requests are sent by somebody else. */
    @FunctionalInterface
    private interface Sending {
        /** Throws what ended it. */
        void requireSound() throws IOException;
    }

    /** What becomes of a connection whose answer has come. */
    @FunctionalInterface
    private interface Next {
        /** Whether it is used on. */
        boolean sends(SwarmConnection connection) throws IOException;
    }
}
