package io.quiver.executor;

import io.quiver.executor.turn.FairQueue;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The threads that search: platform threads, one a core, behind one bounded queue. Tenants take turns in it, by the time
 * that their batches have taken: whoever asks for much waits behind what it has asked for, and nobody else does.
 *
 * <p>A batch is led by the thread that takes it from the queue. What can be divided it shares with idle threads through
 * {@link #together}, and waits only for shares that have begun, so that threads can never wait for one another in a
 * ring.
 */
final class SearchPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SearchPool.class);
    private static final long CLOSE_SECONDS_MAX = 10;

    private final ThreadPoolExecutor threads;
    private final int queueMax;

    /** One for each task of the threads that takes a turn; guarded by itself. */
    private final FairQueue<Turn> turns = new FairQueue<>();

    private record Turn(String tenant, Runnable batch) {}

    SearchPool(int threadCount, int queueMax) {
        this.queueMax = queueMax;
        this.threads = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queueMax),
                Thread.ofPlatform().name("search-", 0).factory());
    }

    int threadCount() {
        return threads.getMaximumPoolSize();
    }

    /** Threads that are at work, about. */
    int busyCount() {
        return threads.getActiveCount();
    }

    int queueLength() {
        return threads.getQueue().size();
    }

    /**
     * Runs {@code work} on a search thread, which completes the answer, when it is the tenant's turn; cancelling it sets
     * the flag that work is given.
     */
    <T> Mono<T> submit(String tenant, Function<Cancellation, T> work) {
        return Mono.create(sink -> {
            Cancellation cancellation = new Cancellation();
            sink.onCancel(cancellation::cancel);
            try {
                enqueue(new Turn(tenant, () -> lead(work, cancellation, sink)));
            } catch (RejectedExecutionException full) {
                sink.error(refusal());
            }
        });
    }

    /** A thread may be there at once, and finds the turn when it is let in. */
    private void enqueue(Turn turn) {
        synchronized (turns) {
            threads.execute(this::takeTurn);
            turns.add(turn.tenant, turn);
        }
    }

    private void takeTurn() {
        Turn turn;
        synchronized (turns) {
            turn = turns.next();
        }
        long begin = System.nanoTime();
        try {
            turn.batch.run();
        } finally {
            synchronized (turns) {
                turns.ended(turn.tenant, (double) (System.nanoTime() - begin));
            }
        }
    }

    /** Runs the shares of one piece of work on this thread and on those that are idle, until all are done. */
    void together(List<? extends Runnable> shares) {
        SharedWork work = new SharedWork(shares);
        int helpers = Math.min(shares.size(), threadCount()) - 1;
        for (int i = 0; i < helpers && queueLength() < queueMax / 2; i++) {
            enlist(work);
        }
        work.lead();
    }

    private void enlist(SharedWork work) {
        try {
            threads.execute(work::help);
        } catch (RejectedExecutionException _) {
            // No helper then: the leading thread does all of it.
        }
    }

    private static <T> void lead(Function<Cancellation, T> work, Cancellation cancellation, MonoSink<T> sink) {
        if (cancellation.isCancelled()) {
            return;
        }
        cancellation.begin();
        try {
            answer(work, cancellation, sink);
        } finally {
            cancellation.end();
        }
    }

    private static <T> void answer(Function<Cancellation, T> work, Cancellation cancellation, MonoSink<T> sink) {
        T answer;
        try {
            answer = work.apply(cancellation);
        } catch (Throwable failure) {
            sink.error(failure);
            return;
        }
        sink.success(answer);
    }

    private QuiverException refusal() {
        return threads.isShutdown()
                ? new QuiverException(ErrorCode.UNAVAILABLE, "The executor is closed")
                : new QuiverException(
                        ErrorCode.UNAVAILABLE, "The search queue is full: %d batches wait".formatted(queueMax));
    }

    /** Takes nothing more, and lets what it has taken come to its end. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("Searches still run {} s after the executor was closed", CLOSE_SECONDS_MAX);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
