package io.quiver.compactor;

/** A segment as the {@link TierPolicy} sees it. */
record SegmentSize(int rowCount, int endedCount) {
    int liveCount() {
        return rowCount - endedCount;
    }
}
