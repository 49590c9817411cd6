package io.quiver.compactor;

import java.time.Duration;

/**
 * When and how to compact.
 *
 * @param unsealedAgeMax an operation is folded at the latest this long after it was applied, or as soon as the
 *     compactor comes to it
 * @param lookEvery how often to look for work that nobody announced
 * @param fanIn segments of a similar size that are merged into one
 * @param smallRows segments with fewer live rows count as of one size
 * @param endedShareMax share of ended rows above which a segment is written again without them
 * @param mergeRowsMax segments with more live rows are merged no further
 * @param restBeforeMerge how long a collection has to be without writes before its segments are merged to as few as
 *     there can
 *     be, times the rows that are written for each that is not in the largest; zero for never
 * @param retryAfterMin pause of a collection after a failed fold; doubles with every further failure
 * @param retryAfterMax longest such pause
 * @param storageFullPause pause of all folding when the disk is full
 * @param requestsMax callers of {@link Compactor#compactNow} that may wait
 * @param graphs which segments get a graph, and how
 */
public record CompactorSettings(
        Duration unsealedAgeMax,
        Duration lookEvery,
        int fanIn,
        int smallRows,
        double endedShareMax,
        long mergeRowsMax,
        Duration restBeforeMerge,
        Duration retryAfterMin,
        Duration retryAfterMax,
        Duration storageFullPause,
        int requestsMax,
        GraphSettings graphs) {
    public static final CompactorSettings DEFAULT = new CompactorSettings(
            Duration.ofMinutes(1),
            Duration.ofMillis(500),
            4,
            8_192,
            0.3,
            5_000_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            1_024,
            GraphSettings.DEFAULT);

    public CompactorSettings {
        if (fanIn < 2) {
            throw new IllegalArgumentException("fanIn must be at least 2, not " + fanIn);
        }
        if (smallRows < 1) {
            throw new IllegalArgumentException("smallRows must be at least 1, not " + smallRows);
        }
        if (!(endedShareMax > 0 && endedShareMax < 1)) {
            throw new IllegalArgumentException("endedShareMax must lie between 0 and 1, not " + endedShareMax);
        }
    }
}
