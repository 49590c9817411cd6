package io.quiver.gateway.admission;

import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.executor.query.Deadline;
import io.quiver.log.record.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Lets as much work of some lanes begin as can end soon, keeps a little waiting, and refuses the rest at once.
 *
 * <p>What is under way beyond the server's capacity does not make it faster: each piece waits longer, and past some
 * point all are answered too late to be of use. {@link Places} says how many may be under way, {@link LaneQueue} how
 * many may wait.
 *
 * <p>Each lane has its share of the places for certain, whatever the others have taken: then there are a few too many
 * for a moment, until some of those that were lent come back. What is left goes to the lane that has least of its
 * share. Tenants take turns in a queue, by what their work costs. One whose turn comes, but with less time left than
 * such work takes, is passed by.
 *
 * <p>Safe on every thread, never waits: a lock is held for a few dozen instructions. What was waiting begins on a
 * thread of its own choice.
 */
final class LaneGate {
    private static final Decision.Refused FULL = new Decision.Refused(
            ErrorCode.UNAVAILABLE,
            TokenBucketAdmission.FULL_RETRY_AFTER,
            "The server is full: too many requests of this kind wait already",
            null);

    private static final Decision.Refused FLOODED = new Decision.Refused(
            ErrorCode.UNAVAILABLE,
            TokenBucketAdmission.FULL_RETRY_AFTER,
            "The server is full, and most that it cannot do are this tenant's requests",
            null,
            true);

    private static final Decision.Refused LATE = new Decision.Refused(
            ErrorCode.DEADLINE_EXCEEDED,
            TokenBucketAdmission.FULL_RETRY_AFTER,
            "The deadline passed before it was this request's turn",
            null);

    private final LongSupplier nanoClock;
    private final Places places;
    private final TenantWork work;
    private final Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);
    private final MostRefused flood = new MostRefused();

    /** Changed under the lock; read without it by who needs no more than a hint. */
    private volatile int waiting;

    /**
     * Nothing is under way.
     *
     * @param shared the lanes whose places are lent from one to the other
     * @param work told of each piece that has ended
     */
    LaneGate(List<Lane> shared, Capacity capacity, TenantWork work, MeterRegistry meters, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.work = work;
        this.places = new Places(capacity);
        shared.forEach(lane -> lanes.put(lane, new LaneQueue(lane, places, flood, meters)));
        lanes.values().forEach(queue -> {
            queue.gauge(meters, "quiver.limit.current", "Pieces of work that may be under way", this::places);
            queue.gauge(meters, "quiver.lane.inflight", "Pieces of work under way", () -> taken(queue));
            queue.gauge(meters, "quiver.lane.waiting", "Pieces of work that wait for a place", () -> waiting(queue));
        });
    }

    /**
     * A place, to be closed when the work has ended; at once, or when it is this one's turn, and then by way of {@code
     * thread}. Fails with {@code UNAVAILABLE} when too many wait, with {@code DEADLINE_EXCEEDED} when its turn comes
     * too late.
     */
    Mono<Permit> place(Lane lane, String tenant, Deadline deadline, Executor thread) {
        LaneQueue queue = queue(lane);
        return Mono.defer(() -> {
            Permit free = placeNow(lane, tenant);
            return free == null ? waitFor(queue, tenant, deadline, thread) : Mono.just(free);
        });
    }

    /** A place for one who need not wait; {@code null} where all are taken. */
    @Nullable Permit placeNow(Lane lane, String tenant) {
        LaneQueue queue = queue(lane);
        if (!take(queue, tenant)) {
            return null;
        }
        long begin = nanoClock.getAsLong();
        return new Permit(() -> leave(queue, tenant, begin));
    }

    /**
     * The refusal of one that would find no place and no room to wait, if it came now; {@code null} for one that may
     * come.
     */
    Decision.@Nullable Refused refusal(Lane lane, String tenant) {
        if (waiting == 0) {
            return null;
        }
        LaneQueue queue = queue(lane);
        Decision.Refused refusal;
        synchronized (this) {
            refusal = refusal(queue, tenant, nanoClock.getAsLong());
        }
        if (refusal != null) {
            queue.refused.increment();
        }
        return refusal;
    }

    private Decision.@Nullable Refused refusal(LaneQueue queue, String tenant, long now) {
        if (!queue.refuses(tenant, now)) {
            return null;
        }
        queue.standing.came();
        queue.standing.refused(1);
        flood.refused(tenant, now);
        return places.haveSeveralTenants(now) && flood.is(tenant, now) ? FLOODED : FULL;
    }

    /** Whether more is asked than can be done just now. */
    boolean isCrowded() {
        return waiting > 0;
    }

    private LaneQueue queue(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }

    private synchronized boolean take(LaneQueue queue, String tenant) {
        places.asked(tenant, nanoClock.getAsLong());
        boolean isFree = waiting == 0 && places.areFree();
        if (isFree || queue.waiting.size() == 0 && queue.hasOwnPlace()) {
            queue.take();
            queue.standing.came();
            return true;
        }
        return false;
    }

    private Mono<Permit> waitFor(LaneQueue queue, String tenant, Deadline deadline, Executor thread) {
        return Mono.create(sink -> {
            long now = nanoClock.getAsLong();
            Waiting newcomer = new Waiting(queue, tenant, deadline, thread, sink, now, this::leave);
            sink.onCancel(() -> giveUp(newcomer));
            enqueue(newcomer);
        });
    }

    private void enqueue(Waiting newcomer) {
        List<Waiting> losers;
        synchronized (this) {
            losers = newcomer.queue.add(newcomer);
            waiting = waiting + 1 - losers.size();
            places.beBusy(nanoClock.getAsLong());
        }
        losers.forEach(loser -> loser.refuse(FULL));
        beginNext();
    }

    /** One whose turn has come has a place, whether it has heard of it or not. */
    private void giveUp(Waiting who) {
        boolean hasPlace;
        synchronized (this) {
            waiting = waiting - (who.queue.waiting.remove(who.tenant, who) ? 1 : 0);
            hasPlace = who.hasPlace;
        }
        if (hasPlace) {
            who.permit.close();
        }
    }

    /** Of one that had not waited: what it has cost is of no matter for turns. */
    private void leave(LaneQueue queue, String tenant, long begin) {
        long heldNanos;
        synchronized (this) {
            heldNanos = left(queue, begin);
        }
        work.ended(tenant, heldNanos);
        beginNext();
    }

    private void leave(Waiting who) {
        long heldNanos;
        synchronized (this) {
            heldNanos = left(who.queue, who.begin);
            who.queue.waiting.ended(who.tenant, (double) heldNanos);
        }
        work.ended(who.tenant, heldNanos);
        beginNext();
    }

    /** Returns for how long the place was held. */
    private long left(LaneQueue queue, long begin) {
        long now = nanoClock.getAsLong();
        queue.taken--;
        places.left(waiting > 0, now);
        return now - begin;
    }

    /** Begins what waits, as far as there are places. */
    private void beginNext() {
        List<Waiting> losers = new ArrayList<>(0);
        List<Waiting> turns = turns(losers);
        losers.forEach(loser -> loser.refuse(FULL));
        turns.forEach(turn -> turn.begin(LATE));
    }

    private synchronized List<Waiting> turns(List<Waiting> losers) {
        if (waiting == 0) {
            return List.of();
        }
        long now = nanoClock.getAsLong();
        List<Waiting> turns = new ArrayList<>(1);
        for (LaneQueue queue = nextLane(now); queue != null; queue = nextLane(now)) {
            turns.add(queue.next(now));
            losers.addAll(queue.removeOld(now));
        }
        waiting = waiting - turns.size() - losers.size();
        return turns;
    }

    /** Of those in which something waits, the one that has least of its share; {@code null} where none may begin. */
    private @Nullable LaneQueue nextLane(long now) {
        LaneQueue next = null;
        for (LaneQueue queue : lanes.values()) {
            if (queue.mayBegin(now) && (next == null || queue.load() < next.load())) {
                next = queue;
            }
        }
        return next;
    }

    synchronized int places() {
        return places.count();
    }

    synchronized int taken() {
        return places.taken();
    }

    private synchronized int taken(LaneQueue queue) {
        return queue.taken;
    }

    synchronized int waiting() {
        return waiting;
    }

    private synchronized int waiting(LaneQueue queue) {
        return queue.waiting.size();
    }
}
