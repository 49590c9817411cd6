package io.quiver.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.executor.query.Deadline;
import io.quiver.log.record.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Lets as much work of one lane begin as can end soon, keeps a little waiting, and refuses the rest at once.
 *
 * <p>What is under way beyond the server's capacity does not make it faster: each piece waits longer, and past some point all are
 * answered too late to be of use. By Little's law, pieces under way = throughput x time that each takes. Throughput is
 * measured; the time is a target. So the gate has {@code throughput * TARGET} places, never fewer than {@link #PLACES_MIN}:
 * when work is light and the machine fast, hundreds, so that batches form; when each piece takes long, a few for each core.
 * Only time in which something waits tells what the capacity is: nothing is learnt, and nothing changed, while all find
 * a place. Where a few places too few are given, what waits fills them, more ends, and the number follows within a window
 * of a tenth of a second.
 *
 * <p>As many again may wait, and always {@link #WAITING_MIN}, so that clients that each wait for their answers are served more
 * slowly rather than refused. Tenants take turns in the queue. When it is full, one of the tenant that has most waiting gives
 * way; where that is the newcomer's own, it is refused itself.
 *
 * <p>Safe on every thread, never waits: a lock is held for a few dozen instructions. What was waiting begins on a
 * thread of its own choice.
 */
final class LaneGate {
    static final int PLACES_MIN = 4 * Runtime.getRuntime().availableProcessors();
    static final int WAITING_MIN = 64;

    /** Until there has been too much to do. */
    static final int PLACES_AT_FIRST = 256;

    private static final Duration TARGET = Duration.ofMillis(5);
    private static final double NANOS = 1e9;

    private final Lane lane;
    private final int placesMax;
    private final LongSupplier nanoClock;
    private final Throughput throughput = new Throughput();
    private final FairQueue<Waiting> queue = new FairQueue<>();
    private final Counter refused;
    private final Counter late;
    private int places;
    private int taken;

    /** Something waits, or did in the window that is open. */
    private boolean isBusy;

    /** One that has asked for a place. */
    private final class Waiting {
        private final String tenant;
        private final Deadline deadline;
        private final Executor thread;
        private final MonoSink<Permit> sink;
        private final Permit permit = permit();

        /** Its turn has come. Belongs to the lock. */
        private boolean hasPlace;

        Waiting(String tenant, Deadline deadline, Executor thread, MonoSink<Permit> sink) {
            this.tenant = tenant;
            this.deadline = deadline;
            this.thread = thread;
            this.sink = sink;
        }
    }

    LaneGate(Lane lane, int placesMax, MeterRegistry meters, LongSupplier nanoClock) {
        this.lane = lane;
        this.placesMax = placesMax;
        this.nanoClock = nanoClock;
        this.places = Math.min(placesMax, PLACES_AT_FIRST);
        this.refused = counter(meters, "queue");
        this.late = counter(meters, "deadline");
        gauge(meters, "quiver.limit.current", "Pieces of work that may be under way", this::places);
        gauge(meters, "quiver.lane.inflight", "Pieces of work under way", this::taken);
        gauge(meters, "quiver.lane.waiting", "Pieces of work that wait for a place", this::waiting);
    }

    private Counter counter(MeterRegistry meters, String reason) {
        return Counter.builder("quiver.lane.refused")
                .description("Pieces of work that found no place, by reason")
                .tag("lane", lane.label())
                .tag("reason", reason)
                .register(meters);
    }

    private void gauge(MeterRegistry meters, String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .tag("lane", lane.label())
                .register(meters);
    }

    /**
     * A place, to be closed when the work has ended; at once, or when it is this one's turn, and then by way of {@code thread}. Fails with {@code UNAVAILABLE}
     * when too many wait, with {@code DEADLINE_EXCEEDED} when its turn comes too late.
     */
    Mono<Permit> place(String tenant, Deadline deadline, Executor thread) {
        return Mono.defer(() -> take() ? Mono.just(permit()) : waitFor(tenant, deadline, thread));
    }

    private synchronized boolean take() {
        if (taken >= places || queue.size() > 0) {
            return false;
        }
        taken++;
        return true;
    }

    private Permit permit() {
        return new Permit(this::leave);
    }

    private Mono<Permit> waitFor(String tenant, Deadline deadline, Executor thread) {
        return Mono.create(sink -> {
            Waiting waiting = new Waiting(tenant, deadline, thread, sink);
            sink.onCancel(() -> giveUp(waiting));
            enqueue(waiting);
        });
    }

    private void enqueue(Waiting newcomer) {
        Waiting loser = null;
        synchronized (this) {
            if (queue.size() >= waitingMax()) {
                loser = queue.displaceFor(newcomer.tenant).orElse(newcomer);
            }
            if (loser != newcomer) {
                queue.add(newcomer.tenant, newcomer);
            }
            if (!isBusy) {
                isBusy = true;
                throughput.begin(nanoClock.getAsLong());
            }
        }
        if (loser != null) {
            refused.increment();
            loser.sink.error(full().toException());
        }
        beginNext();
    }

    private int waitingMax() {
        return Math.max(WAITING_MIN, places);
    }

    /** One whose turn has come has a place, whether it has heard of it or not. */
    private void giveUp(Waiting waiting) {
        boolean hasPlace;
        synchronized (this) {
            queue.remove(waiting.tenant, waiting);
            hasPlace = waiting.hasPlace;
        }
        if (hasPlace) {
            waiting.permit.close();
        }
    }

    private void leave() {
        synchronized (this) {
            taken--;
            if (isBusy && throughput.ended(nanoClock.getAsLong())) {
                places = wanted();
                isBusy = queue.size() > 0;
            }
        }
        beginNext();
    }

    private int wanted() {
        double wanted = Math.ceil(throughput.perSecond() * TARGET.toNanos() / NANOS);
        return Math.clamp((long) wanted, Math.min(PLACES_MIN, placesMax), placesMax);
    }

    /** Begins what waits, as far as there are places. */
    private void beginNext() {
        for (Waiting waiting : turns()) {
            if (waiting.deadline.hasPassed()) {
                late.increment();
                waiting.permit.close();
                waiting.sink.error(late().toException());
            } else {
                waiting.thread.execute(() -> waiting.sink.success(waiting.permit));
            }
        }
    }

    private synchronized List<Waiting> turns() {
        List<Waiting> turns = new ArrayList<>(1);
        while (taken < places && queue.size() > 0) {
            Waiting next = queue.next();
            next.hasPlace = true;
            turns.add(next);
            taken++;
        }
        return turns;
    }

    synchronized int places() {
        return places;
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int waiting() {
        return queue.size();
    }

    private Decision.Refused full() {
        return new Decision.Refused(
                ErrorCode.UNAVAILABLE,
                TokenBucketAdmission.FULL_RETRY_AFTER,
                "The server is full: %d requests of this kind wait already".formatted(waitingMax()),
                null);
    }

    private static Decision.Refused late() {
        return new Decision.Refused(
                ErrorCode.DEADLINE_EXCEEDED,
                TokenBucketAdmission.FULL_RETRY_AFTER,
                "The deadline passed before it was this request's turn",
                null);
    }
}
