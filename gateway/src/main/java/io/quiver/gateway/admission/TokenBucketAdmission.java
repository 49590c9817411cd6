package io.quiver.gateway.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.executor.query.Deadline;
import io.quiver.log.record.ErrorCode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One {@link TokenBucket} for each tenant and kind that has a limit. A bucket that nobody asked for during
 * {@link Rate#REFILL_MAX} is full again and may be forgotten; so may one of more than {@link #BUCKETS_MAX}, whose tenant
 * then begins with a full one.
 */
final class TokenBucketAdmission implements Admission {
    static final int BUCKETS_MAX = 100_000;

    /** A full server is asked again after about the time of one slow request. */
    static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(1);

    private static final Decision GRANTED = new Decision.Granted();

    private final AdmissionSettings settings;
    private final LongSupplier nanoClock;
    private final Cache<BucketKey, TokenBucket> buckets;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Counter granted;
    private final Counter overRate;
    private final Counter overBurst;
    private final Counter full;
    private final Counter draining;
    private final Map<Lane, LaneGate> gates = new EnumMap<>(Lane.class);
    private volatile boolean isDraining;

    private record BucketKey(String tenant, OperationKind kind) {}

    TokenBucketAdmission(AdmissionSettings settings, MeterRegistry meters, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(BUCKETS_MAX)
                .expireAfterAccess(Rate.REFILL_MAX)
                .ticker(nanoClock::getAsLong)
                .build();
        this.granted = counter(meters, "granted", "none");
        this.overRate = counter(meters, "refused", "rate");
        this.overBurst = counter(meters, "refused", "burst");
        this.full = counter(meters, "refused", "in_flight");
        this.draining = counter(meters, "refused", "draining");
        for (Lane lane : Lane.values()) {
            gates.put(lane, new LaneGate(lane, settings.inFlightMax(), meters, nanoClock));
        }
        Gauge.builder("quiver.inflight", inFlight, AtomicInteger::get)
                .description("Requests under way")
                .register(meters);
    }

    private static Counter counter(MeterRegistry meters, String decision, String reason) {
        return Counter.builder("quiver.admission")
                .description("Requests that were let in or refused, by reason")
                .tag("decision", decision)
                .tag("reason", reason)
                .register(meters);
    }

    @Override
    public Decision admit(String tenant, OperationKind kind, double costUnits) {
        Rate rate = settings.rate(kind);
        if (!rate.isLimited()) {
            granted.increment();
            return GRANTED;
        }
        return costUnits > rate.burst() ? tooLarge(kind, costUnits, rate) : take(tenant, kind, costUnits, rate);
    }

    private Decision take(String tenant, OperationKind kind, double costUnits, Rate rate) {
        long now = nanoClock.getAsLong();
        TokenBucket bucket = buckets.get(new BucketKey(tenant, kind), key -> new TokenBucket(now));
        long wait = bucket.take(rate, costUnits, now);
        if (wait == TokenBucket.ADMITTED) {
            granted.increment();
            return GRANTED;
        }
        overRate.increment();
        String reason =
                "Rate limit of %s exceeded: %.0f units per second".formatted(kind.label(), rate.unitsPerSecond());
        return new Decision.Refused(ErrorCode.RESOURCE_EXHAUSTED, Duration.ofNanos(wait), reason);
    }

    private Decision tooLarge(OperationKind kind, double costUnits, Rate rate) {
        overBurst.increment();
        String reason =
                "This %s costs %.0f units, more than the %.0f that may be used at once: send less in one request"
                        .formatted(kind.label(), costUnits, rate.burst());
        return new Decision.Refused(ErrorCode.PAYLOAD_TOO_LARGE, null, reason);
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
        return Objects.requireNonNull(gates.get(lane)).place(tenant, deadline, thread);
    }

    @Override
    public Decision.Refused full() {
        if (isDraining) {
            draining.increment();
            return new Decision.Refused(ErrorCode.UNAVAILABLE, FULL_RETRY_AFTER, "The server is about to end");
        }
        full.increment();
        String reason = "Too many requests in flight (%d)".formatted(settings.inFlightMax());
        return new Decision.Refused(ErrorCode.UNAVAILABLE, FULL_RETRY_AFTER, reason);
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
