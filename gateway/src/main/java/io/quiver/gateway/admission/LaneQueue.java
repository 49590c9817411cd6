package io.quiver.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.executor.turn.FairQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One lane of a gate: what of it is under way, and what waits.
 *
 * <p>So much may wait as ends within {@link StandingQueue#WAIT_MAX}, and always {@link Lane#waitingMin}, so that clients
 * that each wait for their answers are served more slowly rather than refused; bulk work waits longer, for programs do.
 * When it is full, one of the tenant that has most waiting gives way; where that is the newcomer's own, it is refused
 * itself.
 *
 * <p>Belongs to the gate's lock, but for its counters.
 */
final class LaneQueue {
    /** Until it is known how much ends. */
    static final int WAITING_AT_FIRST = 256;

    final Lane lane;
    final FairQueue<Waiting> waiting = new FairQueue<>();
    final StandingQueue standing = new StandingQueue();
    private final Places places;
    private final MostRefused flood;
    final Counter refused;
    final Counter late;
    int taken;

    LaneQueue(Lane lane, Places places, MostRefused flood, MeterRegistry meters) {
        this.lane = lane;
        this.places = places;
        this.flood = flood;
        this.refused = counter(meters, "queue");
        this.late = counter(meters, "deadline");
    }

    private Counter counter(MeterRegistry meters, String reason) {
        return Counter.builder("quiver.lane.refused")
                .description("Pieces of work that found no place, by reason")
                .tag("lane", lane.label())
                .tag("reason", reason)
                .register(meters);
    }

    void gauge(MeterRegistry meters, String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .tag("lane", lane.label())
                .register(meters);
    }

    /** Whether it has less than it has for certain. */
    boolean hasOwnPlace() {
        return taken < Math.max(1, Math.floor(lane.share() * places.count()));
    }

    /** Whether one that waits may begin. */
    boolean mayBegin(long now) {
        return waiting.size() > 0
                && (places.areFree() || hasOwnPlace())
                && waiting.hasTurn(tenant -> underWayMax(tenant, now));
    }

    void take() {
        places.take();
        taken++;
    }

    /** What it has taken by what it may take: the lane with the least is the next. */
    double load() {
        return taken / lane.share();
    }

    /** Whether the newcomer of a tenant would have to be refused. */
    boolean refuses(String tenant, long now) {
        return isFull(now) && !waiting.givesWayTo(tenant);
    }

    /** Lets a newcomer wait; those who give way to it, or the newcomer itself where nobody does. */
    List<Waiting> add(Waiting newcomer) {
        standing.came();
        List<Waiting> losers = new ArrayList<>(removeOld(newcomer.begin));
        boolean isFull = isFull(newcomer.begin);
        if (isFull) {
            standing.refused(1);
            losers.add(waiting.displaceFor(newcomer.tenant, standing.isStanding(newcomer.begin))
                    .orElse(newcomer));
        }
        if (!losers.contains(newcomer)) {
            waiting.add(newcomer.tenant, newcomer);
            losers.addAll(removeOld(newcomer.begin));
        }
        return losers;
    }

    /** Who has waited too long in a queue that stands. */
    List<Waiting> removeOld(long now) {
        if (!standing.isStanding(now)) {
            return List.of();
        }
        List<Waiting> old = waiting.removeOld(who -> now - who.begin > StandingQueue.PATIENCE.toNanos());
        standing.refused(old.size());
        return old;
    }

    /** The one whose turn it is gets a place; there is one that waits. */
    Waiting next(long now) {
        Waiting next = waiting.next(standing.isStanding(now), tenant -> underWayMax(tenant, now));
        noteTurn(now - next.begin, now);
        next.getPlace(now, places.usualNanos());
        take();
        return next;
    }

    /** While several tenants ask, one leaves a place to whoever comes next of another, and a flood leaves it a core. */
    private int underWayMax(String tenant, long now) {
        if (!places.haveSeveralTenants(now)) {
            return Integer.MAX_VALUE;
        }
        return flood.is(tenant, now) ? places.ofFloodMax() : places.ofOneTenantMax();
    }

    private void noteTurn(long waitedNanos, long now) {
        int left = waiting.size();
        if (left <= waitingMax(now) / 2) {
            standing.relief();
        } else if (waitedNanos > StandingQueue.WAIT_MAX.toNanos() && left >= lane.waitingMin() && !lane.isPatient()) {
            standing.trouble(now);
        }
    }

    private boolean isFull(long now) {
        boolean isFull = waiting.size() >= waitingMax(now);
        if (isFull && !lane.isPatient()) {
            standing.trouble(now);
        }
        return isFull;
    }

    private int waitingMax(long now) {
        if (lane.isPatient()) {
            return lane.waitingMin();
        }
        if (standing.isStanding(now)) {
            return Math.max(2 * places.min(), places.endWithin(StandingQueue.PATIENCE));
        }
        int inTime = places.isMeasured() ? places.endWithin(StandingQueue.WAIT_MAX) : WAITING_AT_FIRST;
        return Math.max(lane.waitingMin(), Math.min(places.max(), Math.max(places.count(), inTime)));
    }
}
