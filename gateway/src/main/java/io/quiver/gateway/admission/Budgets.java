package io.quiver.gateway.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.log.record.ErrorCode;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * One {@link TokenBucket} for each tenant and kind that has a limit. A bucket that nobody asked for during twice
 * {@link Rate#REFILL_MAX} is full again and may be forgotten; so may one of more than {@link #BUCKETS_MAX}, whose
 * tenant then begins with a full one. Safe on every thread, never waits.
 */
final class Budgets {
    static final int BUCKETS_MAX = 100_000;

    private static final Decision GRANTED = new Decision.Granted(null);

    private final AdmissionSettings settings;
    private final LongSupplier nanoClock;
    private final Cache<BucketKey, TokenBucket> buckets;
    private final Counter granted;
    private final Counter overRate;
    private final Counter overBurst;

    private record BucketKey(String tenant, OperationKind kind) {}

    Budgets(AdmissionSettings settings, MeterRegistry meters, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(BUCKETS_MAX)
                .expireAfterAccess(Rate.REFILL_MAX.multipliedBy(2))
                .ticker(nanoClock::getAsLong)
                .build();
        this.granted = AdmissionCounters.decision(meters, "granted", "none");
        this.overRate = AdmissionCounters.decision(meters, "refused", "rate");
        this.overBurst = AdmissionCounters.decision(meters, "refused", "burst");
    }

    Decision take(String tenant, OperationKind kind, double costUnits) {
        Rate rate = settings.rate(tenant, kind);
        if (!rate.isLimited()) {
            granted.increment();
            return GRANTED;
        }
        return costUnits > rate.burst() ? tooLarge(kind, costUnits, rate) : take(tenant, kind, costUnits, rate);
    }

    private Decision take(String tenant, OperationKind kind, double costUnits, Rate rate) {
        long now = nanoClock.getAsLong();
        TokenBucket bucket = bucket(tenant, kind, now);
        long wait = bucket.take(rate, costUnits, now);
        if (wait == TokenBucket.ADMITTED) {
            granted.increment();
            return new Decision.Granted(bucket.allowance(rate, now));
        }
        overRate.increment();
        String reason =
                "Rate limit of %s exceeded: %.0f units per second".formatted(kind.label(), rate.unitsPerSecond());
        return new Decision.Refused(
                ErrorCode.RESOURCE_EXHAUSTED, Duration.ofNanos(wait), reason, bucket.allowance(rate, now));
    }

    private Decision tooLarge(OperationKind kind, double costUnits, Rate rate) {
        overBurst.increment();
        String reason =
                "This %s costs %.0f units, more than the %.0f that may be used at once: send less in one request"
                        .formatted(kind.label(), costUnits, rate.burst());
        return new Decision.Refused(ErrorCode.PAYLOAD_TOO_LARGE, null, reason, null);
    }

    /** What was taken turned out to be too little, or, with less than 0, too much. */
    void add(String tenant, OperationKind kind, double units) {
        Rate rate = settings.rate(tenant, kind);
        if (rate.isLimited()) {
            long now = nanoClock.getAsLong();
            bucket(tenant, kind, now).add(rate, units, now);
        }
    }

    private TokenBucket bucket(String tenant, OperationKind kind, long now) {
        return buckets.get(new BucketKey(tenant, kind), _ -> new TokenBucket(now));
    }
}
