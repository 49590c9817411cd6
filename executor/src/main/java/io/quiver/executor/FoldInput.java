package io.quiver.executor;

import io.quiver.executor.segment.Segment;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.LogOffset;
import java.util.Collections;
import java.util.List;

/**
 * What there is to fold of one collection: its sealed segments and the deltas that wait. Holds a share of each until it
 * is closed. Operations go on meanwhile; what they end after {@link #through} is still live here.
 */
public final class FoldInput implements AutoCloseable {
    private final LiveCollection collection;
    private final Snapshot held;
    private final List<Segment> deltas;
    private final LogOffset through;

    private FoldInput(LiveCollection collection, Snapshot held, List<Segment> deltas, LogOffset through) {
        this.collection = collection;
        this.held = held;
        this.deltas = deltas;
        this.through = through;
    }

    /** Everything that can be folded now. */
    static FoldInput of(LiveCollection collection) {
        Snapshot held = collection.hold();
        SegmentList segments = held.segments();
        return new FoldInput(collection, held, segments.waiting(), segments.sealedThrough());
    }

    /** The published segments alone. */
    static FoldInput ofPublished(LiveCollection collection) {
        Snapshot held = collection.hold();
        return new FoldInput(
                collection, held, List.of(), held.segments().manifest().compactedOffset());
    }

    public CollectionShape shape() {
        return collection.shape();
    }

    /** The manifest that the next one replaces; its entries and {@link #sealed} are in one order. */
    public Manifest manifest() {
        return held.segments().manifest();
    }

    public List<Segment> sealed() {
        return held.segments().sealed();
    }

    /** Oldest first. */
    public List<Segment> deltas() {
        return deltas;
    }

    /** Every operation up to here is in these segments. */
    public LogOffset through() {
        return through;
    }

    /** The rows of some of the segments that live at {@link #through}, in order of insertion. For one thread. */
    public RowsInOrder rows(List<Segment> some) {
        return new RowsInOrder(some.stream().map(this::part).toList(), Collections.nCopies(some.size(), null));
    }

    /** Rows of a segment that had ended by {@link #through}. */
    public int endedCount(Segment segment) {
        return segment.tombstones().count() == 0
                ? 0
                : segment.rowCount() - (int) part(segment).countLive(null);
    }

    @Override
    public void close() {
        collection.letGo(held);
    }

    LiveCollection collection() {
        return collection;
    }

    private ViewPart part(Segment segment) {
        return sealed().contains(segment)
                ? ViewPart.sealed(segment, through())
                : ViewPart.delta(segment, segment.rowCount(), through());
    }
}
