package io.quiver.executor;

import io.quiver.executor.segment.Segment;

/**
 * One published segment that something is made for, such as its graph. Holds a share of it until it is closed; the
 * collection goes on meanwhile and may leave the segment.
 */
public final class HeldSegment implements AutoCloseable {
    private final LiveCollection collection;
    private final Segment segment;
    private final Runnable letGo;

    HeldSegment(LiveCollection collection, Segment segment, Runnable letGo) {
        this.collection = collection;
        this.segment = segment;
        this.letGo = letGo;
    }

    public CollectionShape shape() {
        return collection.shape();
    }

    public Segment segment() {
        return segment;
    }

    /** Whether the segment is still one of its collection's. */
    public boolean isWanted() {
        return collection.hasSealed(segment);
    }

    @Override
    public void close() {
        letGo.run();
    }
}
