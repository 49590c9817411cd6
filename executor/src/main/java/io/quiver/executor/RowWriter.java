package io.quiver.executor;

import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the operations of one log entry as rows and tombstones. Rows never change: a record that is written again gets
 * a new, complete row, and the row that was its newest ends. Lives for one entry, on the applying thread.
 */
final class RowWriter {
    private final LogOffset offset;
    private final Supplier<DeltaSegment> newDelta;
    private SegmentList segments;
    private List<Segment> newestFirst;
    private @Nullable DeltaSegment grown;
    private int index;
    private long liveCount;

    /** @param newDelta makes a delta, where there is none, when the first row is written */
    RowWriter(Snapshot before, LogOffset offset, Supplier<DeltaSegment> newDelta) {
        this.offset = offset;
        this.newDelta = newDelta;
        this.segments = before.segments();
        this.newestFirst = segments.all().reversed();
        this.liveCount = before.liveCount();
    }

    /** The segments after what has been written. */
    SegmentList segments() {
        return segments;
    }

    /** Records that exist after what has been written. */
    long liveCount() {
        return liveCount;
    }

    void write(List<Operation> operations) {
        try {
            operations.forEach(this::write);
        } catch (Throwable failure) {
            if (grown != null) {
                grown.release();
            }
            throw failure;
        }
    }

    /** Does what {@link Operation#applyTo} says, without reading the parts of the current record that play no role. */
    private void write(Operation operation) {
        long insertion = Insertion.of(offset, index++);
        Place place = locate(operation.id());
        switch (operation) {
            case Operation.Add(var fresh) -> {
                if (place == null) {
                    insert(fresh, insertion);
                }
            }
            case Operation.Upsert upsert -> {
                if (place == null) {
                    insert(upsert.applyTo(null), insertion);
                } else {
                    replace(place, operation, upsert.patch());
                }
            }
            case Operation.Update(var patch) -> {
                if (place != null) {
                    replace(place, operation, patch);
                }
            }
            case Operation.Delete _ -> {
                if (place != null) {
                    end(place);
                    liveCount--;
                }
            }
        }
    }

    private void insert(VectorRecord fresh, long insertion) {
        delta().append(fresh, insertion, offset);
        liveCount++;
    }

    /** The record keeps its position of insertion. */
    @SuppressWarnings("ReferenceEquality") // the same instance says that nothing changes
    private void replace(Place place, Operation operation, RecordPatch patch) {
        VectorRecord current = place.read(patch);
        VectorRecord next = operation.applyTo(current);
        if (next != null && next != current) {
            delta().append(next, place.segment.insertion(place.row), offset);
            end(place);
        }
    }

    private void end(Place place) {
        place.segment.tombstones().end(place.row, offset);
    }

    /** Where the live row of an id is; {@code null} where the record does not exist. */
    private @Nullable Place locate(String id) {
        for (Segment segment : newestFirst) {
            int row = segment.rowOf(id);
            if (row >= 0 && segment.tombstones().endedAt(row) == 0) {
                return new Place(segment, row);
            }
        }
        return null;
    }

    private DeltaSegment delta() {
        DeltaSegment active = segments.active();
        return active == null ? grow() : active;
    }

    private DeltaSegment grow() {
        DeltaSegment fresh = newDelta.get();
        grown = fresh;
        segments = segments.growing(fresh);
        newestFirst = segments.all().reversed();
        return fresh;
    }

    private record Place(Segment segment, int row) {
        /** The record as far as the patch leaves it: what the patch replaces is not read. */
        VectorRecord read(RecordPatch patch) {
            return new VectorRecord(
                    segment.id(row),
                    patch.embedding() == null ? segment.embedding(row) : patch.embedding(),
                    patch.document() == null ? segment.document(row) : patch.document(),
                    patch.uri() == null ? segment.uri(row) : patch.uri(),
                    segment.metadata(row));
        }
    }
}
