package io.quiver.executor;

import java.time.Duration;

/**
 * How far back collections can be read. What has not been compacted can be read in any case.
 *
 * @param ageMax how long a state that compaction has replaced is kept
 * @param bytesMax of segments kept for nothing else, of all collections
 */
public record HistoryWindow(Duration ageMax, long bytesMax) {
    /** Nothing is kept. */
    public static final HistoryWindow NONE = new HistoryWindow(Duration.ZERO, 0);

    public HistoryWindow {
        if (ageMax.isNegative() || bytesMax < 0) {
            throw new IllegalArgumentException(
                    "a window of %s and %d bytes: neither may be negative".formatted(ageMax, bytesMax));
        }
    }

    boolean isEmpty() {
        return ageMax.isZero() || bytesMax == 0;
    }
}
