package io.quiver.executor;

import io.quiver.executor.segment.Segment;
import io.quiver.log.record.LogOffset;
import java.util.Collections;
import java.util.List;

/**
 * Published segments that something is made of: a graph, or one segment of several. Holds a share of each until it is
 * closed; the collection goes on meanwhile and may leave them.
 */
public final class HeldSegments implements AutoCloseable {
    private final LiveCollection collection;
    private final Snapshot at;
    private final List<Segment> segments;
    private final Runnable letGo;

    HeldSegments(LiveCollection collection, Snapshot at, List<Segment> segments, Runnable letGo) {
        this.collection = collection;
        this.at = at;
        this.segments = segments;
        this.letGo = letGo;
    }

    public CollectionShape shape() {
        return collection.shape();
    }

    public List<Segment> segments() {
        return segments;
    }

    /** The offset of the manifest that names them: everything up to it is in published segments. */
    public LogOffset through() {
        return at.segments().manifest().compactedOffset();
    }

    /** The rows that live at {@link #through}, in order of insertion. For one thread. */
    public RowsInOrder rows() {
        List<ViewPart> parts = segments.stream()
                .map(segment -> ViewPart.sealed(segment, through()))
                .toList();
        return new RowsInOrder(parts, Collections.nCopies(parts.size(), null));
    }

    /** Whether they are still segments of the collection, all of them. */
    public boolean areWanted() {
        return collection.hasSealed(segments);
    }

    /** Whether nothing has been written to the collection since they were held. */
    public boolean areAtRest() {
        return collection.snapshot().offset().equals(at.offset());
    }

    @Override
    public void close() {
        letGo.run();
    }
}
