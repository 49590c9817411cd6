package io.quiver.compactor;

import io.quiver.compactor.CheckReport.Finding;
import io.quiver.executor.CollectionShape;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.SealedSegment;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whether the sealed segments of one collection are whole, are what the manifest says, and hold each record once. Maps
 * one collection at a time.
 */
final class SegmentAudit {
    private final LocalSegmentStore store;
    private final CollectionShape shape;
    private final Consumer<Finding> findings;

    SegmentAudit(Storage storage, CollectionShape shape, Consumer<Finding> findings) {
        this.store = new LocalSegmentStore(storage, new OffHeapBudget(Long.MAX_VALUE));
        this.shape = shape;
        this.findings = findings;
    }

    /** Returns how many records the sound segments hold; {@code done} is told each segment that has been read. */
    long check(Manifest manifest, Consumer<Manifest.Segment> done) {
        List<SealedSegment> sound = new ArrayList<>();
        try {
            for (Manifest.Segment entry : manifest.segments()) {
                check(entry, sound);
                done.accept(entry);
            }
            return countRecords(sound);
        } finally {
            sound.forEach(SealedSegment::release);
        }
    }

    private void check(Manifest.Segment entry, List<SealedSegment> sound) {
        try {
            SealedSegment segment = store.open(shape.id(), shape.metric(), shape.dimension(), entry);
            sound.add(segment);
            segment.verify();
            checkCount(
                    entry,
                    "rows that ended",
                    entry.deletedCount(),
                    segment.tombstones().count());
        } catch (IOException | RuntimeException failure) {
            damage(entry.name(), String.valueOf(failure.getMessage()));
        }
    }

    private void checkCount(Manifest.Segment entry, String what, long expected, long found) {
        if (expected != found) {
            damage(entry.name(), "%s: the manifest says %d, the segment has %d".formatted(what, expected, found));
        }
    }

    private long countRecords(List<SealedSegment> segments) {
        long records = 0;
        for (int i = 0; i < segments.size(); i++) {
            SealedSegment segment = segments.get(i);
            for (int row = 0; row < segment.rowCount(); row++) {
                if (segment.tombstones().endedAt(row) == 0) {
                    records++;
                    checkOnce(segment, row, segments.subList(i + 1, segments.size()));
                }
            }
        }
        return records;
    }

    private void checkOnce(SealedSegment segment, int row, List<SealedSegment> others) {
        String id = segment.id(row);
        for (SealedSegment other : others) {
            int again = other.rowOf(id);
            if (again >= 0 && other.tombstones().endedAt(again) == 0) {
                damage(segment.name(), "record '%s' is in segment %s too".formatted(id, other.name()));
            }
        }
    }

    private void damage(String segment, String what) {
        findings.accept(new Finding(true, "collection %s, segment %s".formatted(shape.id(), segment), what));
    }
}
