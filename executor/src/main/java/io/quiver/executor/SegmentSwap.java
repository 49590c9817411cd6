package io.quiver.executor;

import io.quiver.executor.segment.Segment;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.LogOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** New segments in the place of those that were folded into them. Lives for one adoption, on the applying thread. */
final class SegmentSwap {
    private final SegmentList after;
    private final List<Segment> replaced;
    private final List<Segment> opened;
    private final long foldedThrough;

    SegmentSwap(SegmentList before, FoldInput folded, Manifest published, List<Segment> opened) {
        Map<String, Segment> byName = Stream.concat(before.sealed().stream(), opened.stream())
                .collect(Collectors.toMap(Segment::name, Function.identity()));
        List<Segment> named = published.segments().stream()
                .map(entry -> Objects.requireNonNull(byName.get(entry.name()), entry.name()))
                .toList();
        this.after = before.adopting(published, named, folded.deltas());
        this.replaced = new ArrayList<>(before.all());
        this.replaced.removeAll(after.all());
        this.opened = opened;
        this.foldedThrough = folded.through().value();
    }

    SegmentList after() {
        return after;
    }

    /** What is no longer part of the collection. */
    List<Segment> replaced() {
        return replaced;
    }

    void carryTombstones() {
        replaced.forEach(this::carryTombstones);
    }

    private void carryTombstones(Segment segment) {
        for (int row = 0; row < segment.rowCount(); row++) {
            long endedAt = segment.tombstones().endedAt(row);
            if (endedAt > foldedThrough) {
                end(segment.id(row), new LogOffset(endedAt));
            }
        }
    }

    /** A record has one live row at the fold, and so one row in the new segments. */
    private void end(String id, LogOffset offset) {
        for (Segment segment : opened) {
            int row = segment.rowOf(id);
            if (row >= 0) {
                segment.tombstones().end(row, offset);
                return;
            }
        }
    }
}
