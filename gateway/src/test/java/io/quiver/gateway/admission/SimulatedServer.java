package io.quiver.gateway.admission;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.executor.query.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A gate with an executor of as many cores behind it as this machine has, on a clock of its own: minutes of overload in
 * a moment, the same for the same seed. Requests come at random moments (Poisson) and take random times (log-normal, so
 * that now and then one takes five times as long as usual). What has a place is worked on in the order in which it
 * came; reading and refusing cost the same cores.
 */
final class SimulatedServer {
    static final int CORES = Runtime.getRuntime().availableProcessors();

    /** Of the logarithms of service times. */
    private static final double SPREAD = 0.6;

    private static final long HEAD_NANOS = 10_000;
    private static final long BODY_NANOS = 20_000;
    /** A client that was refused comes again after so long, sooner than it is told to. */
    private static final long REFUSED_PAUSE_NANOS = 100_000_000;

    private static final double SECOND = 1e9;

    final LaneGate gate;
    private final Random random;
    private final double serviceNanos;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final Deque<Runnable> executor = new ArrayDeque<>();
    private int working;
    private long now;
    private long stolenNanos;
    private long eventCount;

    private record Event(long at, long number, Runnable what) {}

    /** One tenant that asks so often, whatever becomes of it. */
    record Load(String tenant, double perSecond) {}

    SimulatedServer(Random random, Duration service) {
        this.random = random;
        this.serviceNanos = service.toNanos();
        this.gate = new LaneGate(
                List.of(Lane.READ, Lane.BULK, Lane.ADMIN),
                Capacity.ofCores(1024),
                new TenantWork(),
                new SimpleMeterRegistry(),
                () -> now);
    }

    /** Searches a second that all cores together can do when they do nothing else. */
    double capacity() {
        return CORES * SECOND / (serviceNanos + HEAD_NANOS + BODY_NANOS);
    }

    /** What became of the requests that came in that time, load by load. What was under way before goes on. */
    List<SimulatedTrial> offer(Duration time, Load... loads) {
        List<SimulatedTrial> trials = new ArrayList<>();
        long end = now + time.toNanos();
        for (Load load : loads) {
            SimulatedTrial trial = new SimulatedTrial(time);
            trials.add(trial);
            arrive(load, end, trial);
        }
        runUntil(end);
        return trials;
    }

    /** Clients that each ask again when they have been answered, or refused. */
    SimulatedTrial ask(Duration time, int clients) {
        SimulatedTrial trial = new SimulatedTrial(time);
        long end = now + time.toNanos();
        for (int i = 0; i < clients; i++) {
            askAgain(end, trial);
        }
        runUntil(end);
        return trial;
    }

    private void askAgain(long end, SimulatedTrial trial) {
        if (now < end) {
            int refusedBefore = trial.refusals();
            request("a", trial, () -> {
                long pause = trial.refusals() > refusedBefore ? REFUSED_PAUSE_NANOS : HEAD_NANOS;
                at(now + pause, () -> askAgain(end, trial));
            });
        }
    }

    private void runUntil(long end) {
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event next = events.remove();
            now = next.at();
            next.what().run();
        }
        now = end;
    }

    private void arrive(Load load, long end, SimulatedTrial trial) {
        long next = now + (long) (-Math.log(1 - random.nextDouble()) * SECOND / load.perSecond());
        if (next < end) {
            at(next, () -> {
                request(load.tenant(), trial, () -> {});
                arrive(load, end, trial);
            });
        }
    }

    private void request(String tenant, SimulatedTrial trial, Runnable then) {
        long begin = now;
        stolenNanos += HEAD_NANOS;
        if (gate.refusal(Lane.READ, tenant) != null) {
            trial.refused(0);
            then.run();
            return;
        }
        stolenNanos += BODY_NANOS;
        gate.place(Lane.READ, tenant, Deadline.after(Duration.ofHours(1)), Runnable::run)
                .subscribe(permit -> execute(permit, trial, begin, then), _ -> {
                    trial.refused(now - begin);
                    then.run();
                });
    }

    private void execute(Permit permit, SimulatedTrial trial, long begin, Runnable then) {
        executor.add(() -> at(now + work(), () -> {
            working--;
            trial.answered(now - begin);
            permit.close();
            then.run();
            beginNext();
        }));
        beginNext();
    }

    private void beginNext() {
        while (working < CORES && !executor.isEmpty()) {
            working++;
            executor.remove().run();
        }
    }

    private long work() {
        double mean = serviceNanos / Math.exp(SPREAD * SPREAD / 2);
        long nanos = (long) (mean * Math.exp(SPREAD * random.nextGaussian())) + stolenNanos;
        stolenNanos = 0;
        return nanos;
    }

    private void at(long when, Runnable what) {
        events.add(new Event(when, eventCount++, what));
    }
}
