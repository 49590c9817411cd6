package io.quiver.executor.watch;

import io.quiver.log.record.LogOffset;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/**
 * One standing query and whoever listens. Belongs to the watcher's thread, but for {@link #flux} and {@link #isEnded}.
 */
final class Watch {
    /** No number among the standing queries yet. */
    static final int UNPLACED = -1;

    private final StandingQuery query;
    private final Nearest nearest;
    private final AtomicBoolean isRetrySet = new AtomicBoolean();
    private final Sinks.Many<WatchEvent> events =
            Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(Watcher.EVENTS_MAX));
    private int number = UNPLACED;
    private volatile boolean isBehind;
    private volatile boolean isEnded;

    Watch(StandingQuery query) {
        this.query = query;
        this.nearest = new Nearest(query.k());
    }

    /**
     * What the listener gets.
     *
     * @param onRoom runs when one that lagged behind takes events again
     * @param onEnd runs once, when it stops to listen
     */
    Flux<WatchEvent> flux(Runnable onRoom, Runnable onEnd) {
        return events.asFlux()
                .doOnRequest(_ -> {
                    if (isBehind && isRetrySet.compareAndSet(false, true)) {
                        onRoom.run();
                    }
                })
                .doFinally(_ -> {
                    isEnded = true;
                    onEnd.run();
                });
    }

    StandingQuery query() {
        return query;
    }

    Nearest nearest() {
        return nearest;
    }

    int number() {
        return number;
    }

    void place(int other) {
        number = other;
    }

    /** Nobody listens any more. */
    boolean isEnded() {
        return isEnded;
    }

    /** Tells the listener, unless it lags behind: then it will get the answer anew. */
    void tell(WatchEvent event) {
        if (!isBehind && events.tryEmitNext(event) == EmitResult.FAIL_OVERFLOW) {
            isBehind = true;
            catchUp(event.offset());
        }
    }

    /** Gives a listener that lags behind the answer anew, if it has room. */
    void catchUp(LogOffset offset) {
        isRetrySet.set(false);
        if (isBehind) {
            isBehind = events.tryEmitNext(reset(offset)) == EmitResult.FAIL_OVERFLOW;
        }
    }

    WatchEvent.Reset reset(LogOffset offset) {
        return new WatchEvent.Reset(offset, neighbours());
    }

    List<Neighbour> neighbours() {
        return nearest.top().stream()
                .map(candidate -> new Neighbour(candidate.id(), candidate.distance()))
                .toList();
    }

    void fail(Throwable failure) {
        isEnded = true;
        events.tryEmitError(failure);
    }
}
