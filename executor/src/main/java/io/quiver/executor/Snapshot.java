package io.quiver.executor;

import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.LogOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A collection right after one log entry: what a view shows. The applying thread publishes one with a single volatile
 * write, after everything that it counts has been written.
 *
 * @param activeRows rows of the growing delta that count
 * @param liveCount records that exist
 * @param neededAfter the log after it is needed as long as {@link #hasUnfolded}
 * @param unsealedSince {@link System#nanoTime} of the first entry after {@link SegmentList#sealedThrough}; without
 *     meaning while there is none
 */
record Snapshot(
        SegmentList segments,
        LogOffset offset,
        int activeRows,
        long liveCount,
        LogOffset neededAfter,
        long unsealedSince) {
    static Snapshot opened(SegmentList sealed) {
        LogOffset compacted = sealed.manifest().compactedOffset();
        return new Snapshot(sealed, compacted, 0, sealed.compactedCount(), compacted, 0);
    }

    /** After the entry at {@code next}. */
    Snapshot after(LogOffset next, SegmentList segments, long liveCount) {
        DeltaSegment active = segments.active();
        return new Snapshot(
                segments,
                next,
                active == null ? 0 : active.rowCount(),
                liveCount,
                hasUnfolded() ? neededAfter : new LogOffset(next.value() - 1),
                hasUnsealed() ? unsealedSince : System.nanoTime());
    }

    Snapshot sealed() {
        return new Snapshot(segments.rolled(offset), offset, 0, liveCount, neededAfter, 0);
    }

    Snapshot adopting(SegmentList adopted) {
        LogOffset compacted = adopted.manifest().compactedOffset();
        return new Snapshot(adopted, offset, activeRows, liveCount, compacted, unsealedSince);
    }

    /** The view's parts, oldest first. */
    List<ViewPart> parts() {
        return concat(sealedParts(offset), deltaParts());
    }

    /** The first offset that its segments can show. */
    LogOffset earliest() {
        return segments.manifest().compactedOffset();
    }

    /** The parts of a view at an offset from {@link #earliest} on, oldest first. */
    List<ViewPart> partsAt(LogOffset at) {
        return concat(sealedParts(at), deltaPartsAt(at));
    }

    /** Those of {@link #partsAt} that are not sealed. */
    List<ViewPart> deltaPartsAt(LogOffset at) {
        return deltaParts().stream()
                .map(part -> part.at(at))
                .filter(part -> part.rowCount() > 0)
                .toList();
    }

    /** A view at an offset from {@link #earliest} on. */
    CollectionView viewAt(LogOffset at, Runnable closing) {
        List<ViewPart> parts = partsAt(at);
        long live = at.isAfter(offset) || at.equals(offset)
                ? liveCount
                : parts.stream().mapToLong(part -> part.countLive(null)).sum();
        return new CollectionView(at, parts, live, closing);
    }

    /** Those of the view's parts that are not sealed, oldest first. */
    List<ViewPart> deltaParts() {
        List<ViewPart> parts = new ArrayList<>();
        segments.waiting().forEach(delta -> parts.add(ViewPart.delta(delta, delta.rowCount(), offset)));
        if (segments.active() != null && activeRows > 0) {
            parts.add(ViewPart.delta(segments.active(), activeRows, offset));
        }
        return parts;
    }

    /** The parts of a view over sealed segments alone. */
    List<ViewPart> compactedParts() {
        return sealedParts(segments.manifest().compactedOffset());
    }

    boolean hasUnsealed() {
        return offset.isAfter(segments.sealedThrough());
    }

    boolean hasUnfolded() {
        return offset.isAfter(segments.manifest().compactedOffset());
    }

    private static List<ViewPart> concat(List<ViewPart> sealed, List<ViewPart> deltas) {
        List<ViewPart> parts = new ArrayList<>(sealed);
        parts.addAll(deltas);
        return parts;
    }

    private List<ViewPart> sealedParts(LogOffset at) {
        List<ViewPart> parts = new ArrayList<>();
        for (Segment segment : segments.sealed()) {
            parts.add(ViewPart.sealed(segment, at));
        }
        return parts;
    }
}
