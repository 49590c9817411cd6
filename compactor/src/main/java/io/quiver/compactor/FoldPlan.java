package io.quiver.compactor;

import io.quiver.executor.FoldInput;
import io.quiver.executor.segment.Segment;
import io.quiver.log.catalog.Manifest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What one fold does with its input.
 *
 * @param written segments whose live rows go into one new segment, deltas among them
 * @param kept segments that stay as they are, but for their tombstones
 */
record FoldPlan(List<Segment> written, List<Kept> kept) {
    /**
     * A segment that stays.
     *
     * @param endedCount its rows that have ended by the fold's offset
     */
    record Kept(Segment segment, Manifest.Segment entry, int endedCount) {
        boolean hasNewTombstones() {
            return endedCount != entry.deletedCount();
        }
    }

    static FoldPlan of(FoldInput input, TierPolicy policy) {
        List<SegmentSize> sizes = input.sealed().stream()
                .map(segment -> new SegmentSize(segment.rowCount(), input.endedCount(segment), segment.hasGraph()))
                .toList();
        BitSet chosen = policy.chooseToFold(sizes, freshRows(input));
        List<Segment> written = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            Segment segment = input.sealed().get(i);
            if (chosen.get(i)) {
                written.add(segment);
            } else {
                kept.add(new Kept(
                        segment,
                        input.manifest().segments().get(i),
                        sizes.get(i).endedCount()));
            }
        }
        written.addAll(input.deltas());
        return new FoldPlan(written, kept);
    }

    /** Rows to write at most; those that ended fall away. */
    long rowsTotal() {
        return written.stream().mapToLong(Segment::rowCount).sum();
    }

    /** Nothing would change but, perhaps, the offset. */
    boolean isEmpty() {
        return written.isEmpty() && kept.stream().noneMatch(Kept::hasNewTombstones);
    }

    private static long freshRows(FoldInput input) {
        return input.deltas().stream()
                .mapToLong(delta -> delta.rowCount() - input.endedCount(delta))
                .sum();
    }
}
