package io.quiver.gateway.admission;

import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.executor.query.Deadline;
import io.quiver.log.record.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Lets as much work of some lanes begin as can end soon, keeps a little waiting, and refuses the rest at once.
 *
 * <p>What is under way beyond the server's capacity does not make it faster: each piece waits longer, and past some
 * point all are answered too late to be of use. By Little's law, pieces under way = throughput x time that each takes.
 * Throughput is measured; the time is a target. So the gate has {@code throughput * TARGET} places, never fewer than
 * some for each core ({@link Capacity}): when work is light and the machine fast, hundreds, so that batches form; when each piece takes
 * long, a few for each core. Only time with enough to do tells what the capacity is: time in which something waits, or
 * in which several tenants have much under way, one of which may then be in the other's way. Nothing is learnt, and
 * nothing changed, while one tenant alone finds a place for all it asks. Where a few places too few are given, what
 * waits fills them, more ends, and the number follows within a window of a tenth of a second. A window in which the
 * cores had not enough to do is no measure: a burst that is over sooner changes nothing.
 *
 * <p>Each lane has its share of the places for certain, whatever the others have taken: then there are a few too many for a
 * moment, until some of those that were lent come back. What is left goes to the lane that has least of its share.
 *
 * <p>So much may wait as ends within {@link StandingQueue#WAIT_MAX}, and always {@link #WAITING_MIN}, so that clients that each wait
 * for their answers are served more slowly rather than refused. Tenants take turns in the queue, by what their work
 * costs. When it is full, one of the tenant that has most waiting gives way; where that is the newcomer's own, it is
 * refused itself. One whose turn comes, but with less time left than such work takes, is passed by. Bulk work waits
 * longer, for programs do.
 *
 * <p>Safe on every thread, never waits: a lock is held for a few dozen instructions. What was waiting begins on a
 * thread of its own choice.
 */
final class LaneGate {
    static final int WAITING_MIN = 64;

    /** Until it is known how much ends. */
    static final int WAITING_AT_FIRST = 256;

    static final int WAITING_BULK = 1_024;

    private static final Decision.Refused FULL = new Decision.Refused(
            ErrorCode.UNAVAILABLE,
            TokenBucketAdmission.FULL_RETRY_AFTER,
            "The server is full: too many requests of this kind wait already",
            null);

    private static final double NANOS = 1e9;

    /** How long it is known that more than one tenant asks. */
    private static final long SEVERAL_NANOS = Duration.ofSeconds(3).toNanos();

    private final Capacity capacity;
    private final LongSupplier nanoClock;
    private final Throughput throughput = new Throughput();
    private final Map<Lane, LaneQueue<Waiting>> lanes = new EnumMap<>(Lane.class);
    private int places;
    private int taken;

    /** Changed under the lock; read without it by who needs no more than a hint. */
    private volatile int waiting;

    private String lastTenant = "";
    private long severalUntil;
    private boolean hasSeveral;

    /** There is enough to do, or was in the window that is open. */
    private boolean isBusy;

    /** One that has asked for a place. */
    private final class Waiting {
        private final LaneQueue<Waiting> queue;
        private final String tenant;
        private final Deadline deadline;
        private final Executor thread;
        private final MonoSink<Permit> sink;
        private final Permit permit;

        /** Its turn has come. Belongs to the lock, as what follows. */
        private boolean hasPlace;

        /** When it came, and once it has a place, when it got that. */
        private long begin;

        private long usualNanos;

        Waiting(LaneQueue<Waiting> queue, String tenant, Deadline deadline, Executor thread, MonoSink<Permit> sink) {
            this.queue = queue;
            this.tenant = tenant;
            this.deadline = deadline;
            this.thread = thread;
            this.sink = sink;
            this.permit = new Permit(() -> leave(this));
            this.begin = nanoClock.getAsLong();
        }
    }

    /** @param shared the lanes whose places are lent from one to the other */
    LaneGate(List<Lane> shared, Capacity capacity, MeterRegistry meters, LongSupplier nanoClock) {
        this.capacity = capacity;
        this.nanoClock = nanoClock;
        this.places = capacity.placesAtFirst();
        shared.forEach(lane -> lanes.put(lane, new LaneQueue<>(lane, meters)));
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
        LaneQueue<Waiting> queue = Objects.requireNonNull(lanes.get(lane));
        return Mono.defer(() -> {
            Permit free = placeNow(lane, tenant);
            return free == null ? waitFor(queue, tenant, deadline, thread) : Mono.just(free);
        });
    }

    /** A place for one who need not wait; {@code null} where all are taken. */
    @Nullable Permit placeNow(Lane lane, String tenant) {
        LaneQueue<Waiting> queue = Objects.requireNonNull(lanes.get(lane));
        return take(queue, tenant) ? new Permit(() -> leave(queue)) : null;
    }

    /**
     * The refusal of one that would find no place and no room to wait, if it came now; {@code null} for one that may
     * come.
     */
    Decision.@Nullable Refused refusal(Lane lane, String tenant) {
        if (waiting == 0) {
            return null;
        }
        LaneQueue<Waiting> queue = Objects.requireNonNull(lanes.get(lane));
        boolean isFull;
        synchronized (this) {
            isFull = isFull(queue, nanoClock.getAsLong()) && !queue.waiting.givesWayTo(tenant);
            if (isFull) {
                queue.standing.came();
                queue.standing.refused(1);
            }
        }
        if (isFull) {
            queue.refused.increment();
        }
        return isFull ? FULL : null;
    }

    /** Whether more is asked than can be done just now. */
    boolean isCrowded() {
        return waiting > 0;
    }

    private synchronized boolean take(LaneQueue<Waiting> queue, String tenant) {
        noteTenant(tenant);
        boolean isFree = waiting == 0 && taken < places;
        if (isFree || queue.waiting.size() == 0 && queue.hasOwnPlace(places)) {
            taken++;
            queue.taken++;
            queue.standing.came();
            return true;
        }
        return false;
    }

    private void noteTenant(String tenant) {
        if (!tenant.equals(lastTenant)) {
            hasSeveral = !lastTenant.isEmpty();
            lastTenant = tenant;
            severalUntil = nanoClock.getAsLong() + SEVERAL_NANOS;
        }
        if (hasSeveral && taken >= capacity.placesMin() && !isBusy && severalUntil - nanoClock.getAsLong() > 0) {
            beBusy();
        }
    }

    private void beBusy() {
        if (!isBusy) {
            isBusy = true;
            throughput.begin(nanoClock.getAsLong());
        }
    }

    private Mono<Permit> waitFor(LaneQueue<Waiting> queue, String tenant, Deadline deadline, Executor thread) {
        return Mono.create(sink -> {
            Waiting newcomer = new Waiting(queue, tenant, deadline, thread, sink);
            sink.onCancel(() -> giveUp(newcomer));
            enqueue(newcomer);
        });
    }

    private void enqueue(Waiting newcomer) {
        List<Waiting> losers;
        synchronized (this) {
            losers = queued(newcomer);
            waiting = waiting + 1 - losers.size();
            beBusy();
        }
        refuse(losers);
        beginNext();
    }

    /** Those who give way to the newcomer, or the newcomer itself where nobody does. */
    private List<Waiting> queued(Waiting newcomer) {
        LaneQueue<Waiting> queue = newcomer.queue;
        queue.standing.came();
        List<Waiting> losers = new ArrayList<>(old(queue, newcomer.begin));
        boolean isFull = isFull(queue, newcomer.begin);
        if (isFull) {
            queue.standing.refused(1);
            losers.add(queue.waiting
                    .displaceFor(newcomer.tenant, queue.standing.isStanding(newcomer.begin))
                    .orElse(newcomer));
        }
        if (!losers.contains(newcomer)) {
            queue.waiting.add(newcomer.tenant, newcomer);
        }
        return losers;
    }

    /** Who has waited too long in a queue that stands. */
    private List<Waiting> old(LaneQueue<Waiting> queue, long now) {
        if (!queue.standing.isStanding(now)) {
            return List.of();
        }
        List<Waiting> old = queue.waiting.removeOld(who -> now - who.begin > StandingQueue.PATIENCE.toNanos());
        queue.standing.refused(old.size());
        return old;
    }

    private boolean isFull(LaneQueue<Waiting> queue, long now) {
        boolean isFull = queue.waiting.size() >= waitingMax(queue, now);
        if (isFull && !queue.lane.isPatient()) {
            queue.standing.trouble(now);
        }
        return isFull;
    }

    private static void refuse(List<Waiting> losers) {
        for (Waiting loser : losers) {
            loser.queue.refused.increment();
            loser.sink.error(FULL.toException());
        }
    }

    private int waitingMax(LaneQueue<Waiting> queue, long now) {
        if (queue.lane.isPatient()) {
            return WAITING_BULK;
        }
        if (queue.standing.isStanding(now)) {
            return Math.max(2 * capacity.placesMin(), endsWithin(StandingQueue.PATIENCE));
        }
        int inTime = throughput.perSecond() == 0 ? WAITING_AT_FIRST : endsWithin(StandingQueue.WAIT_MAX);
        return Math.max(WAITING_MIN, Math.min(capacity.placesMax(), Math.max(places, inTime)));
    }

    private int endsWithin(Duration time) {
        return (int) Math.ceil(throughput.perSecond() * time.toNanos() / NANOS);
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

    /** Of one that had not waited: what it has cost is nobody's matter. */
    private void leave(LaneQueue<Waiting> queue) {
        synchronized (this) {
            left(queue);
        }
        beginNext();
    }

    private void leave(Waiting who) {
        synchronized (this) {
            who.queue.waiting.ended(who.tenant, (double) nanoClock.getAsLong() - who.begin);
            left(who.queue);
        }
        beginNext();
    }

    private void left(LaneQueue<Waiting> queue) {
        taken--;
        queue.taken--;
        if (waiting == 0 && taken < capacity.placesMin() / 2) {
            isBusy = false;
        } else if (isBusy && throughput.ended(nanoClock.getAsLong())) {
            places = capacity.places(throughput.perSecond());
            isBusy = waiting > 0;
        }
    }

    /** Begins what waits, as far as there are places. */
    private void beginNext() {
        List<Waiting> losers = new ArrayList<>(0);
        List<Waiting> turns = turns(losers);
        refuse(losers);
        for (Waiting turn : turns) {
            if (turn.deadline.left().toNanos() <= turn.usualNanos) {
                turn.queue.late.increment();
                turn.permit.close();
                turn.sink.error(late().toException());
            } else {
                turn.thread.execute(() -> turn.sink.success(turn.permit));
            }
        }
    }

    private synchronized List<Waiting> turns(List<Waiting> losers) {
        if (waiting == 0) {
            return List.of();
        }
        long now = nanoClock.getAsLong();
        List<Waiting> turns = new ArrayList<>(1);
        for (LaneQueue<Waiting> queue = nextLane(); queue != null; queue = nextLane()) {
            Waiting next = queue.waiting.next(queue.standing.isStanding(now));
            next.hasPlace = true;
            noteTurn(queue, now, next.begin);
            next.begin = now;
            next.usualNanos = usualNanos();
            turns.add(next);
            waiting = waiting - 1;
            taken++;
            queue.taken++;
            losers.addAll(old(queue, now));
        }
        waiting = waiting - losers.size();
        return turns;
    }

    private void noteTurn(LaneQueue<Waiting> queue, long now, long begin) {
        int left = queue.waiting.size();
        if (left <= waitingMax(queue, now) / 2) {
            queue.standing.relief();
        } else if (isLate(now - begin) && left >= WAITING_MIN && !queue.lane.isPatient()) {
            queue.standing.trouble(now);
        }
    }

    private static boolean isLate(long waitedNanos) {
        return waitedNanos > StandingQueue.WAIT_MAX.toNanos();
    }

    /** What work takes that has a place, by Little's law; 0 where nothing is known. */
    private long usualNanos() {
        return throughput.perSecond() == 0 ? 0 : (long) (taken * NANOS / throughput.perSecond());
    }

    /** Of those in which something waits, the one that has least of its share; {@code null} where none may begin. */
    private @Nullable LaneQueue<Waiting> nextLane() {
        LaneQueue<Waiting> next = null;
        for (LaneQueue<Waiting> queue : lanes.values()) {
            boolean mayBegin = queue.waiting.size() > 0 && (taken < places || queue.hasOwnPlace(places));
            if (mayBegin && (next == null || queue.load() < next.load())) {
                next = queue;
            }
        }
        return next;
    }

    synchronized int places() {
        return places;
    }

    synchronized int taken() {
        return taken;
    }

    private synchronized int taken(LaneQueue<Waiting> queue) {
        return queue.taken;
    }

    synchronized int waiting() {
        return waiting;
    }

    private synchronized int waiting(LaneQueue<Waiting> queue) {
        return queue.waiting.size();
    }

    private static Decision.Refused late() {
        return new Decision.Refused(
                ErrorCode.DEADLINE_EXCEEDED,
                TokenBucketAdmission.FULL_RETRY_AFTER,
                "The deadline passed before it was this request's turn",
                null);
    }
}
