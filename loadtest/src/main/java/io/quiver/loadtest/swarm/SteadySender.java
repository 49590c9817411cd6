package io.quiver.loadtest.swarm;

import io.quiver.executor.PromptThreads;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends an open loop's requests at their moments, on connections that are idle, by a thread of its own; wakes the
 * selector where it cannot.
 */
final class SteadySender implements AutoCloseable {
    private static final long LOOK_UP_MILLIS = 10;

    private final BlockingQueue<SwarmConnection> idle;
    private final Swarm.Requests requests;
    private final Selector selector;
    private volatile boolean isStopped;
    private volatile @Nullable Exception failure;
    private @Nullable Thread thread;

    SteadySender(Collection<SwarmConnection> idle, Swarm.Requests requests, Selector selector) {
        this.idle = new LinkedBlockingQueue<>(idle);
        this.requests = requests;
        this.selector = selector;
    }

    void start(long beginNanos, double perSecond, long count) {
        thread = PromptThreads.of(Thread.ofPlatform().daemon().factory())
                .newThread(() -> send(beginNanos, perSecond, count));
        thread.start();
    }

    /** Takes back a connection whose answer has come. */
    void add(SwarmConnection connection) {
        idle.add(connection);
    }

    /** Throws what kept it from sending. */
    void requireSound() throws IOException {
        Exception cause = failure;
        if (cause != null) {
            throw new IOException("a request could not be sent", cause);
        }
    }

    private void send(long begin, double perSecond, long count) {
        try {
            for (long i = 0; i < count && !isStopped; i++) {
                long due = begin + (long) (i * 1e9 / perSecond);
                waitUntil(due);
                SwarmConnection connection = take();
                if (connection != null) {
                    connection.send(requests.next(), due);
                }
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            failure = e;
            selector.wakeup();
        }
    }

    /** @return {@code null} where it has been stopped before one was idle */
    private @Nullable SwarmConnection take() throws InterruptedException {
        SwarmConnection connection = idle.poll();
        while (connection == null && !isStopped) {
            connection = idle.poll(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS);
        }
        return connection;
    }

    private void waitUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0 && !isStopped; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Returns when it sends no more. */
    @Override
    public void close() throws IOException {
        isStopped = true;
        try {
            if (thread != null) {
                LockSupport.unpark(thread);
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
