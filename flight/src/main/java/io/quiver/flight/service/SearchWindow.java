package io.quiver.flight.service;

import io.quiver.executor.query.Hits;
import io.quiver.flight.StreamGate;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The batches of one stream that are being searched: several at once, and no more than a bound. Answers are taken in
 * the order in which they become ready.
 *
 * <p>One thread submits, one takes; searches end on any thread. After the first failure nothing more is submitted, what
 * is under way is answered still.
 */
final class SearchWindow {
    static final int BATCHES_MAX = 8;
    /** Hits that all batches under way may have; one batch alone may have more. */
    static final long HITS_MAX = 1 << 20;

    /** The answers to the queries of one batch, which are numbered by {@code ids}. */
    record Answer(long[] ids, List<Hits> hits, long hitsMax) {}

    private final StreamGate gate;
    private final Queue<Answer> ready = new ArrayDeque<>();
    private final Set<Disposable> searches = new HashSet<>();
    private int batches;
    private long hits;
    private boolean isInputEnded;
    private @Nullable Throwable failure;

    SearchWindow(StreamGate gate) {
        this.gate = gate;
    }

    /** Begins a search after waiting for room. */
    void submit(Mono<List<Hits>> search, long[] ids, long hitsMax) {
        gate.await(() -> hasRoom(hitsMax));
        Disposable.Swap running = Disposables.swap();
        if (opened(running, hitsMax)) {
            running.update(search.subscribe(
                    found -> found(running, new Answer(ids, found, hitsMax)), reason -> failed(running, reason)));
        }
    }

    /** No more is submitted. */
    void endInput() {
        synchronized (this) {
            isInputEnded = true;
        }
        gate.changed();
    }

    /** Hands answers on until there will be no more. */
    void drain(Consumer<Answer> consumer) {
        try {
            Answer next = await();
            while (next != null) {
                consumer.accept(next);
                taken(next);
                next = await();
            }
        } catch (RuntimeException e) {
            fail(e);
            gate.stopReading();
        }
    }

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Stops what is still being searched. */
    void close() {
        List<Disposable> running;
        synchronized (this) {
            running = List.copyOf(searches);
        }
        running.forEach(Disposable::dispose);
    }

    private @Nullable Answer await() {
        gate.await(this::hasSomethingToTake);
        synchronized (this) {
            return ready.poll();
        }
    }

    private synchronized boolean hasSomethingToTake() {
        return !ready.isEmpty() || (isInputEnded && batches == 0);
    }

    private synchronized boolean hasRoom(long hitsMax) {
        return failure != null || batches == 0 || (batches < BATCHES_MAX && hits + hitsMax <= HITS_MAX);
    }

    private synchronized boolean opened(Disposable search, long hitsMax) {
        if (failure != null) {
            return false;
        }
        searches.add(search);
        batches++;
        hits += hitsMax;
        return true;
    }

    private void found(Disposable search, Answer answer) {
        synchronized (this) {
            searches.remove(search);
            ready.add(answer);
        }
        gate.changed();
    }

    private void failed(Disposable search, Throwable reason) {
        synchronized (this) {
            searches.remove(search);
            batches--;
        }
        fail(reason);
        gate.changed();
        gate.stopReading();
    }

    private void taken(Answer answer) {
        synchronized (this) {
            batches--;
            hits -= answer.hitsMax;
        }
        gate.changed();
    }

    private synchronized void fail(Throwable reason) {
        if (failure == null) {
            failure = reason;
        }
    }
}
