package io.quiver.executor;

import io.quiver.executor.query.Deadline;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * How far the log has been applied, and who waits for it. The log has one order, so one offset serves all collections.
 *
 * <p>Waiting holds no thread: waiters stand in order of their offsets and are completed by the applying thread, which
 * alone calls {@link #advance}.
 */
final class AppliedOffset {
    private final ConcurrentSkipListMap<Place, MonoSink<Void>> waiters = new ConcurrentSkipListMap<>();
    private final AtomicInteger waiterCount = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    private final int waitersMax;
    private volatile LogOffset applied = LogOffset.NONE;

    AppliedOffset(int waitersMax) {
        this.waitersMax = waitersMax;
    }

    LogOffset value() {
        return applied;
    }

    int waiterCount() {
        return waiterCount.get();
    }

    void advance(LogOffset offset) {
        if (offset.isAfter(applied)) {
            applied = offset;
        }
        completeReached();
    }

    /** Completes when {@code offset} has been applied: at once, or on the applying thread. */
    Mono<Void> await(LogOffset offset) {
        return Mono.defer(() -> hasReached(offset) ? Mono.empty() : queued(offset));
    }

    /** As {@link #await(LogOffset)}; {@code UNAVAILABLE} when that takes longer than {@code wait}. */
    Mono<Void> await(LogOffset offset, Duration wait) {
        return Mono.defer(
                        () -> hasReached(offset) ? Mono.empty() : queued(offset).timeout(wait))
                .onErrorMap(TimeoutException.class, late -> behind(offset));
    }

    Mono<Void> await(LogOffset offset, Deadline deadline) {
        Duration left = deadline.left();
        return await(offset, left.isNegative() ? Duration.ZERO : left);
    }

    boolean hasReached(LogOffset offset) {
        return !offset.isAfter(applied);
    }

    private Mono<Void> queued(LogOffset offset) {
        return Mono.create(sink -> {
            if (waiterCount.incrementAndGet() > waitersMax) {
                waiterCount.decrementAndGet();
                sink.error(new QuiverException(
                        ErrorCode.UNAVAILABLE, "%d callers wait for the log already".formatted(waitersMax)));
                return;
            }
            Place place = new Place(offset.value(), numbers.incrementAndGet());
            waiters.put(place, sink);
            sink.onDispose(() -> leave(place));
            if (hasReached(offset)) {
                sink.success();
            }
        });
    }

    /** Runs once for each waiter, however it ended. */
    private void leave(Place place) {
        waiters.remove(place);
        waiterCount.decrementAndGet();
    }

    private void completeReached() {
        Map.Entry<Place, MonoSink<Void>> first = waiters.firstEntry();
        while (first != null && first.getKey().offset <= applied.value()) {
            waiters.remove(first.getKey());
            first.getValue().success();
            first = waiters.firstEntry();
        }
    }

    private QuiverException behind(LogOffset offset) {
        return new QuiverException(
                ErrorCode.UNAVAILABLE,
                "The executor has applied the log to offset %s, not yet to %s".formatted(applied, offset));
    }

    private record Place(long offset, long number) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byOffset = Long.compare(offset, other.offset);
            return byOffset != 0 ? byOffset : Long.compare(number, other.number);
        }
    }
}
