package io.quiver.executor;

import io.quiver.log.record.CollectionId;
import java.time.Duration;
import java.util.List;

/**
 * What compaction could do for one collection.
 *
 * @param dimension of its embeddings
 * @param waitingDeltas sealed deltas that wait
 * @param unfoldedRows rows of these and of the one that grows, which a start applies again
 * @param unsealedFor how long the oldest operation that is in no sealed delta has been applied; zero where there is
 *     none
 * @param unwrittenFor how long no operation has been applied, at most since the start
 * @param hasUnfolded some operation is in no published segment
 * @param segments the published segments
 */
public record CollectionDebt(
        CollectionId collection,
        int dimension,
        int waitingDeltas,
        long unfoldedRows,
        Duration unsealedFor,
        Duration unwrittenFor,
        boolean hasUnfolded,
        List<SegmentLoad> segments) {
    public CollectionDebt {
        segments = List.copyOf(segments);
    }

    /**
     * How full a published segment is of what is no longer needed.
     *
     * @param endedCount rows that have ended so far
     * @param deletedCount of these, those that the manifest counts
     * @param hasGraph searched by a graph already
     * @param graphRecallMax recall that a graph of it can have as far as is known, 0 to 1
     */
    public record SegmentLoad(
            String name, int rowCount, int endedCount, int deletedCount, boolean hasGraph, float graphRecallMax) {
        public int liveCount() {
            return rowCount - endedCount;
        }
    }
}
