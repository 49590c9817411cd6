package io.quiver.log.catalog;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/**
 * Tells every subscriber every event, in order. Each has a queue of its own; while one is full the catalog's thread
 * waits for its subscriber, so changes slow down rather than events get lost. Reads go on.
 *
 * <p>A subscriber must therefore not wait for a change on the thread on which it takes events. Emitting belongs to the
 * catalog's thread; subscribing and cancelling are safe on every thread.
 */
final class CatalogEvents {
    /** Events are few: only a subscriber that has stopped taking them lets so many pile up. */
    static final int PENDING_MAX = 1_024;

    private static final long FULL_WAIT_NS = Duration.ofMillis(1).toNanos();

    private final List<Sinks.Many<CatalogEvent>> subscribers = new CopyOnWriteArrayList<>();
    private volatile boolean isClosing;
    private volatile boolean isCompleted;

    /** Events from the subscription on. */
    Flux<CatalogEvent> flux() {
        return Flux.defer(this::subscribe);
    }

    void emit(CatalogEvent event) {
        for (Sinks.Many<CatalogEvent> subscriber : subscribers) {
            while (subscriber.tryEmitNext(event) == EmitResult.FAIL_OVERFLOW && !isClosing) {
                LockSupport.parkNanos(FULL_WAIT_NS);
            }
        }
    }

    /** From now on nobody waits for a subscriber. Safe on every thread. */
    void stopWaiting() {
        isClosing = true;
    }

    /** Completes all subscribers once they have taken what is pending; nothing is emitted any more. */
    void complete() {
        isCompleted = true;
        subscribers.forEach(Sinks.Many::tryEmitComplete);
    }

    private Flux<CatalogEvent> subscribe() {
        Sinks.Many<CatalogEvent> sink =
                Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(PENDING_MAX));
        subscribers.add(sink);
        if (isCompleted) {
            sink.tryEmitComplete();
        }
        return sink.asFlux().doFinally(_ -> subscribers.remove(sink));
    }
}
