package io.quiver.compactor;

import io.quiver.executor.CollectionDebt;

/** A segment as the {@link TierPolicy} sees it. */
record SegmentSize(int rowCount, int endedCount, boolean hasGraph) {
    /** As it is now. */
    static SegmentSize of(CollectionDebt.SegmentLoad load) {
        return new SegmentSize(load.rowCount(), load.endedCount(), load.hasGraph());
    }

    /** As the manifest has it. */
    static SegmentSize published(CollectionDebt.SegmentLoad load) {
        return new SegmentSize(load.rowCount(), load.deletedCount(), load.hasGraph());
    }

    int liveCount() {
        return rowCount - endedCount;
    }
}
