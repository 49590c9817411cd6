package io.quiver.executor;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;

/**
 * One collection in figures.
 *
 * @param offset of the newest entry that changed it
 * @param liveCount records that exist
 * @param deltaRows rows that are not yet in published segments, those that ended included
 */
public record CollectionStats(
        CollectionId id,
        LogOffset offset,
        LogOffset compactedOffset,
        long liveCount,
        long deltaRows,
        long deltaBytes,
        int sealedSegments,
        long sealedBytes,
        int waitingDeltas) {}
