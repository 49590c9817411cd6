package io.quiver.log.catalog;

import io.quiver.log.record.LogOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sealed segments that hold a collection's records up to a log offset.
 *
 * @param version counts publications, 0 is the empty manifest before the first
 * @param compactedOffset everything up to here is in the segments, everything after it is in the log
 */
public record Manifest(long version, LogOffset compactedOffset, List<Segment> segments) {
    public static final Manifest EMPTY = new Manifest(0, LogOffset.NONE, List.of());

    public Manifest {
        segments = List.copyOf(segments);
    }

    /**
     * One sealed segment.
     *
     * @param name names its files; generated, never used again
     * @param rowCount its rows, those deleted since included
     * @param sizeBytes all of its files, but for its graph, which comes later
     * @param tombstones names the file of its rows deleted up to the manifest's offset, {@code null} where all live
     * @param deletedCount rows in that file
     */
    public record Segment(
            String name,
            int rowCount,
            long sizeBytes,
            @Nullable String tombstones,
            int deletedCount) {}
}
