package io.quiver.gateway.trace;

import java.time.Duration;

/**
 * Which queries the log tells of.
 *
 * @param threshold those that take at least so long
 * @param linesPerMinute no more than so many; 0 for none
 */
public record SlowQuerySettings(Duration threshold, int linesPerMinute) {
    public static final SlowQuerySettings DEFAULT = new SlowQuerySettings(Duration.ofSeconds(1), 60);

    public SlowQuerySettings {
        if (threshold.isNegative() || linesPerMinute < 0) {
            throw new IllegalArgumentException(
                    "neither threshold (%s) nor lines (%d) may be negative".formatted(threshold, linesPerMinute));
        }
    }
}
