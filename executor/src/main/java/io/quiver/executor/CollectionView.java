package io.quiver.executor;

import io.quiver.log.record.LogOffset;
import java.util.List;

/**
 * The segments of one collection at one log offset. It holds a share of each, so that nothing is freed under a query,
 * and gives them back when it is closed, once.
 *
 * @param liveCount records that the view shows
 */
record CollectionView(LogOffset offset, List<ViewPart> parts, long liveCount, Runnable closing)
        implements AutoCloseable {
    @Override
    public void close() {
        closing.run();
    }
}
