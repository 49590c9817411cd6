package io.quiver.compactor;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A compactor in figures; counters run since it was started.
 *
 * @param running the fold under way, {@code null} where there is none
 * @param folds published manifests
 * @param superseded folds whose manifest came too late, mostly because the collection had been dropped
 * @param failures folds that failed and will be tried again
 * @param lastFailure what the newest failure said, {@code null} before the first
 * @param pause how long folding is paused for want of disk space; zero where it is not
 * @param truncatedThrough what the log has been allowed to forget
 * @param graphs what is done about graphs
 */
public record CompactionStats(
        @Nullable Progress running,
        long folds,
        long superseded,
        long failures,
        @Nullable String lastFailure,
        long segmentsFolded,
        long segmentsWritten,
        long rowsWritten,
        long bytesWritten,
        Duration pause,
        LogOffset truncatedThrough,
        Graphs graphs) {
    /** How far a fold, or the build of a graph, has come. */
    public record Progress(CollectionId collection, long rowsDone, long rowsTotal) {}

    /**
     * The graphs of published segments; counters run since the compactor was started.
     *
     * @param running the build under way, {@code null} where there is none
     * @param waiting segments that are to get a graph, and merges of some that have one; what is under way among them
     * @param resting collections whose segments are merged because nobody writes to them, now or after a minute more
     *     without writes
     * @param built segments published with a graph, or given one since
     * @param merged of these, those that were merged from others
     * @param joined graphs that were made of an older one, not from nothing
     * @param refused graphs not used because their recall was too low
     * @param failures builds that failed and will be tried again
     */
    public record Graphs(
            @Nullable Progress running,
            int waiting,
            int resting,
            long built,
            long merged,
            long joined,
            long refused,
            long failures) {}
}
