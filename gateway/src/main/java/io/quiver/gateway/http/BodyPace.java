package io.quiver.gateway.http;

import java.time.Duration;

/**
 * How fast a body must come: in each {@code window} so many bytes as make {@code bytesPerSecondMin}, until it has
 * ended.
 *
 * @param bytesPerSecondMin 0 for any pace
 */
public record BodyPace(int bytesPerSecondMin, Duration window) {
    static final BodyPace DEFAULT = new BodyPace(1024, Duration.ofSeconds(5));

    public BodyPace {
        if (bytesPerSecondMin < 0 || !window.isPositive()) {
            throw new IllegalArgumentException(
                    "a pace must not be negative (%d) nor its window empty".formatted(bytesPerSecondMin));
        }
    }

    boolean isTooSlow(long bytesInWindow) {
        return bytesInWindow < bytesPerSecondMin * (double) window.toMillis() / 1000;
    }
}
