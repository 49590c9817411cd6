package io.quiver.gateway.admission;

import java.time.Duration;

/**
 * What one tenant may use of one kind of operation.
 *
 * @param unitsPerSecond cost units that flow in, 0 for no limit
 * @param burst cost units that may be used at once after a rest; a request that costs more is never admitted
 */
public record Rate(double unitsPerSecond, double burst) {
    public static final Rate UNLIMITED = new Rate(0, 0);

    /** An empty bucket must be full again within this time, so that one that rests may be forgotten. */
    public static final Duration REFILL_MAX = Duration.ofHours(1);

    private static final double NANOS = 1e9;

    public Rate {
        if (!Double.isFinite(unitsPerSecond) || unitsPerSecond < 0) {
            throw new IllegalArgumentException("units per second must not be negative: " + unitsPerSecond);
        }
        if (unitsPerSecond > 0 && !(burst > 0 && burst <= unitsPerSecond * REFILL_MAX.toSeconds())) {
            throw new IllegalArgumentException(
                    "burst must lie above 0 and refill within %d s at %s units per second, not be %s"
                            .formatted(REFILL_MAX.toSeconds(), unitsPerSecond, burst));
        }
    }

    public boolean isLimited() {
        return unitsPerSecond > 0;
    }

    /** How long {@code units} take to flow in, rounded up: rounding never admits too much. */
    long nanos(double units) {
        return (long) Math.ceil(units * NANOS / unitsPerSecond);
    }

    /** What flows in during that time. */
    double units(long nanos) {
        return nanos * unitsPerSecond / NANOS;
    }
}
