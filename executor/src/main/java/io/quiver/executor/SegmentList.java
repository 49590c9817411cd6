package io.quiver.executor;

import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.Segment;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.LogOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one collection, oldest first: sealed ones as the manifest names them, deltas that wait for the
 * compactor, and the delta that grows. Changes only when a delta rolls or a manifest is adopted.
 *
 * @param sealedThrough every operation up to here is in the sealed segments and the waiting deltas
 * @param active has at least one row; {@code null} until a write needs one
 */
record SegmentList(
        Manifest manifest,
        List<Segment> sealed,
        List<Segment> waiting,
        LogOffset sealedThrough,
        @Nullable DeltaSegment active) {
    SegmentList {
        sealed = List.copyOf(sealed);
        waiting = List.copyOf(waiting);
    }

    static SegmentList of(Manifest manifest, List<Segment> sealed) {
        return new SegmentList(manifest, sealed, List.of(), manifest.compactedOffset(), null);
    }

    SegmentList growing(DeltaSegment delta) {
        return new SegmentList(manifest, sealed, waiting, sealedThrough, delta);
    }

    /** The growing delta, if there is one, joins those that wait. */
    SegmentList rolled(LogOffset through) {
        return new SegmentList(manifest, sealed, deltas(), through, null);
    }

    SegmentList adopting(Manifest published, List<Segment> named, List<Segment> folded) {
        List<Segment> left =
                waiting.stream().filter(delta -> !folded.contains(delta)).toList();
        return new SegmentList(published, named, left, sealedThrough, active);
    }

    /** Records in the sealed segments at the compacted offset. */
    long compactedCount() {
        return manifest.segments().stream()
                .mapToLong(segment -> segment.rowCount() - segment.deletedCount())
                .sum();
    }

    Segment sealedNamed(String name) {
        return sealed.stream()
                .filter(segment -> segment.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<Segment> deltas() {
        List<Segment> deltas = new ArrayList<>(waiting);
        if (active != null) {
            deltas.add(active);
        }
        return deltas;
    }

    List<Segment> all() {
        List<Segment> all = new ArrayList<>(sealed);
        all.addAll(deltas());
        return all;
    }
}
