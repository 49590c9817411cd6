package io.quiver.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** One lane of a gate: what of it is under way, and what waits. Belongs to the gate's lock, but for its counters. */
final class LaneQueue<T> {
    final Lane lane;
    final FairQueue<T> waiting = new FairQueue<>();
    final StandingQueue standing = new StandingQueue();
    final Counter refused;
    final Counter late;
    int taken;

    LaneQueue(Lane lane, MeterRegistry meters) {
        this.lane = lane;
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

    /** Whether it has less than it has for certain, of so many places. */
    boolean hasOwnPlace(int places) {
        return taken < Math.max(1, Math.floor(lane.share() * places));
    }

    /** What it has taken by what it may take: the lane with the least is the next. */
    double load() {
        return taken / lane.share();
    }
}
