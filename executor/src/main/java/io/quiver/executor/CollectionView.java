package io.quiver.executor;

import io.quiver.log.record.LogOffset;
import java.util.List;

/**
 * The segments of one collection at one log offset. It holds a share of each, so that nothing is freed under a query,
 * and gives them back when everybody who holds it has closed it, once each.
 *
 * @param liveCount records that the view shows
 * @param shares of the view itself
 */
record CollectionView(LogOffset offset, List<ViewPart> parts, long liveCount, Shares shares) implements AutoCloseable {
    /** A view held by its maker, who closes it. */
    CollectionView(LogOffset offset, List<ViewPart> parts, long liveCount, Runnable closing) {
        this(offset, parts, liveCount, new Shares(closing));
    }

    /** The same for one more holder, who closes it too. For those who hold it already. */
    CollectionView shared() {
        if (!shares.take()) {
            throw new IllegalStateException("the view has been closed");
        }
        return this;
    }

    @Override
    public void close() {
        shares.giveBack();
    }
}
