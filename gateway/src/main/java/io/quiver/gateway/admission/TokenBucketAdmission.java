package io.quiver.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.executor.query.Deadline;
import io.quiver.log.record.ErrorCode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The budgets of tenants, a bound on the requests under way, and gates before the work. */
final class TokenBucketAdmission implements Admission {
    /** A full server is asked again after about the time of one slow request. */
    static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(1);

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final AdmissionSettings settings;
    private final Budgets budgets;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Counter full;
    private final Counter draining;
    private final TenantWork work = new TenantWork();
    private final Map<Lane, LaneGate> gates = new EnumMap<>(Lane.class);
    private volatile boolean isDraining;

    TokenBucketAdmission(AdmissionSettings settings, MeterRegistry meters, LongSupplier nanoClock) {
        this.settings = settings;
        this.budgets = new Budgets(settings, meters, nanoClock);
        this.full = AdmissionCounters.decision(meters, "refused", "in_flight");
        this.draining = AdmissionCounters.decision(meters, "refused", "draining");
        List<Lane> searching = List.of(Lane.READ, Lane.CALL, Lane.BULK, Lane.ADMIN);
        addGate(searching, Capacity.ofCores(settings.inFlightMax()), meters, nanoClock);
        addGate(List.of(Lane.WRITE, Lane.LOAD), Capacity.ofDisk(settings.inFlightMax()), meters, nanoClock);
        Gauge.builder("quiver.inflight", inFlight, AtomicInteger::get)
                .description("Requests under way")
                .register(meters);
    }

    private void addGate(List<Lane> lanes, Capacity capacity, MeterRegistry meters, LongSupplier nanoClock) {
        LaneGate gate = new LaneGate(lanes, capacity, work, meters, nanoClock);
        lanes.forEach(lane -> gates.put(lane, gate));
    }

    @Override
    public Rate rate(String tenant, OperationKind kind) {
        return settings.rate(tenant, kind);
    }

    @Override
    public Decision admit(String tenant, OperationKind kind, double costUnits) {
        return budgets.take(tenant, kind, costUnits);
    }

    @Override
    public void settle(String tenant, OperationKind kind, double takenUnits, double usedUnits) {
        budgets.add(tenant, kind, usedUnits - takenUnits);
    }

    @Override
    public double shareOfEach(Lane lane) {
        int others = Objects.requireNonNull(gates.get(lane)).taken();
        return Math.min(1, (double) CORES / Math.max(1, others));
    }

    @Override
    public @Nullable Permit enter() {
        int before;
        do {
            before = inFlight.get();
            if (isDraining || before >= settings.inFlightMax()) {
                return null;
            }
        } while (!inFlight.compareAndSet(before, before + 1));
        return new Permit(inFlight::decrementAndGet);
    }

    @Override
    public Mono<Permit> place(Lane lane, String tenant, Deadline deadline, Executor thread) {
        return Objects.requireNonNull(gates.get(lane)).place(lane, tenant, deadline, thread);
    }

    @Override
    public @Nullable Permit placeNow(Lane lane, String tenant) {
        return Objects.requireNonNull(gates.get(lane)).placeNow(lane, tenant);
    }

    @Override
    public Decision.@Nullable Refused refusal(Lane lane, String tenant) {
        return Objects.requireNonNull(gates.get(lane)).refusal(lane, tenant);
    }

    @Override
    public int efMax(Lane lane) {
        boolean isBrownedOut = settings.brownOutEf() > 0
                && Objects.requireNonNull(gates.get(lane)).isCrowded();
        return isBrownedOut ? settings.brownOutEf() : Integer.MAX_VALUE;
    }

    @Override
    public List<BusyTenant> busiest(int count) {
        return work.busiest(count);
    }

    @Override
    public Decision.Refused full() {
        if (isDraining) {
            draining.increment();
            return new Decision.Refused(ErrorCode.UNAVAILABLE, FULL_RETRY_AFTER, "The server is about to end", null);
        }
        full.increment();
        String reason = "Too many requests in flight (%d)".formatted(settings.inFlightMax());
        return new Decision.Refused(ErrorCode.UNAVAILABLE, FULL_RETRY_AFTER, reason, null);
    }

    @Override
    public void drain() {
        isDraining = true;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }
}
