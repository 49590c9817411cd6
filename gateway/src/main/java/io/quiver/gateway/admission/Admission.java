package io.quiver.gateway.admission;

import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.executor.query.Deadline;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Decides whether a request may go on, before its work begins. Safe on every thread, never waits; every decision is
 * counted as {@code quiver_admission_total{decision,reason}}.
 */
public interface Admission {
    static Admission create(AdmissionSettings settings, MeterRegistry meters) {
        return create(settings, meters, System::nanoTime);
    }

    /** With a clock of the caller's, which rises like {@link System#nanoTime}. */
    static Admission create(AdmissionSettings settings, MeterRegistry meters, LongSupplier nanoClock) {
        return new TokenBucketAdmission(settings, meters, nanoClock);
    }

    /** What a tenant may use. */
    Rate rate(String tenant, OperationKind kind);

    /**
     * Takes the cost of an operation from its tenant's budget, whatever becomes of it. Where the cost is an
     * expectation, {@link #settle} follows.
     *
     * @param costUnits see {@link OperationKind}
     */
    Decision admit(String tenant, OperationKind kind, double costUnits);

    /**
     * After {@link #admit} the work has cost this and not that: the difference is given back, or taken, even of what is
     * not there.
     */
    void settle(String tenant, OperationKind kind, double takenUnits, double usedUnits);

    /** Of the time that a piece of work in this lane takes just now, the part in which it has a core to itself. */
    double shareOfEach(Lane lane);

    /**
     * A place among the requests in flight, to be closed when the answer has ended; {@code null} when all are taken
     * or the server drains, which is answered with {@link #full}.
     */
    @Nullable Permit enter();

    /**
     * A place for work on the executor, the log or the catalog, to be closed when the work has ended: at once where few
     * are under way, else when it is its turn. Fails with {@code UNAVAILABLE} where too many wait, and with {@code
     * DEADLINE_EXCEEDED} where the turn comes too late.
     *
     * @param thread where the work of one that had to wait begins
     */
    Mono<Permit> place(Lane lane, String tenant, Deadline deadline, Executor thread);

    /** A place as by {@link #place}, if there is one now for who need not wait; {@code null} else. */
    @Nullable Permit placeNow(Lane lane, String tenant);

    /**
     * The refusal of work that would find no place in its lane now, to be told before anything is read of it;
     * {@code null} for work that may come, which is a promise of nothing.
     */
    Decision.@Nullable Refused refusal(Lane lane, String tenant);

    /**
     * The widest beam of a graph's search just now: that of the brown-out while more is asked than can be done, else no
     * bound.
     */
    int efMax(Lane lane);

    /** The tenants whose work has been under way for longest since the start, the first one longest. */
    List<BusyTenant> busiest(int count);

    /** The refusal of a request that found no place. */
    Decision.Refused full();

    /** Lets nobody enter any more: the server is about to end. Those who are in may finish. */
    void drain();

    /** Requests that have entered and not left. */
    int inFlight();
}
