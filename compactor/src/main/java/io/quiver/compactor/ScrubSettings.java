package io.quiver.compactor;

import java.time.Duration;

/**
 * How cold files are read.
 *
 * @param bytesPerSecond at most; 0 for not at all
 * @param every time from the end of one reading of everything to the beginning of the next
 */
public record ScrubSettings(long bytesPerSecond, Duration every) {
    public static final ScrubSettings DEFAULT = new ScrubSettings(16L << 20, Duration.ofHours(24));

    public ScrubSettings {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("bytesPerSecond must not be negative: " + bytesPerSecond);
        }
    }
}
