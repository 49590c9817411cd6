package io.quiver.executor;

import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.Segment;
import io.quiver.log.Usages.Usage;
import io.quiver.log.record.CollectionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads figures off a snapshot. Sizes are those of the moment: segments may be freed meanwhile. */
final class Figures {
    private Figures() {}

    static CollectionStats stats(CollectionId id, Snapshot snapshot) {
        SegmentList segments = snapshot.segments();
        return new CollectionStats(
                id,
                snapshot.offset(),
                segments.manifest().compactedOffset(),
                snapshot.liveCount(),
                rowCount(segments.waiting()) + snapshot.activeRows(),
                sizeBytes(segments.deltas()),
                segments.sealed().size(),
                sizeBytes(segments.sealed()),
                segments.waiting().size());
    }

    /** A delta counts by its records, for its memory is taken before they come. */
    static Usage usage(Snapshot snapshot) {
        long bytes = 0;
        for (Segment segment : snapshot.segments().all()) {
            bytes += segment instanceof DeltaSegment delta ? delta.recordBytes() : segment.sizeBytes();
        }
        return new Usage(snapshot.liveCount(), bytes);
    }

    static CollectionDebt debt(CollectionShape shape, Snapshot snapshot, Duration unwrittenFor) {
        SegmentList segments = snapshot.segments();
        return new CollectionDebt(
                shape.id(),
                shape.dimension(),
                segments.waiting().size(),
                rowCount(segments.waiting()) + snapshot.activeRows(),
                snapshot.hasUnsealed() ? Duration.ofNanos(System.nanoTime() - snapshot.unsealedSince()) : Duration.ZERO,
                unwrittenFor,
                snapshot.hasUnfolded(),
                loads(segments));
    }

    private static List<CollectionDebt.SegmentLoad> loads(SegmentList segments) {
        List<CollectionDebt.SegmentLoad> loads = new ArrayList<>();
        for (int i = 0; i < segments.sealed().size(); i++) {
            loads.add(load(
                    segments.sealed().get(i),
                    segments.manifest().segments().get(i).deletedCount()));
        }
        return loads;
    }

    private static CollectionDebt.SegmentLoad load(Segment segment, int deletedCount) {
        return new CollectionDebt.SegmentLoad(
                segment.name(),
                segment.rowCount(),
                segment.tombstones().count(),
                deletedCount,
                segment.hasGraph(),
                segment.graphRecallMax());
    }

    private static long rowCount(List<Segment> segments) {
        return segments.stream().mapToLong(Segment::rowCount).sum();
    }

    private static long sizeBytes(List<Segment> segments) {
        return segments.stream().mapToLong(Segment::sizeBytes).sum();
    }
}
