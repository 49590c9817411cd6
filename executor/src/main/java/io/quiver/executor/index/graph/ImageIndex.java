package io.quiver.executor.index.graph;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Searches an image of either form. Each call takes scratch from a pool that has as many entries as there ever were
 * calls at the same time; nothing that grows with the graph or with ef is allocated anew once there is enough. Safe on
 * every thread.
 */
abstract class ImageIndex implements VectorIndex {
    private final ImageHeader header;
    private final ConcurrentLinkedDeque<ImageSearcher> idle = new ConcurrentLinkedDeque<>();

    ImageIndex(ImageHeader header) {
        this.header = header;
    }

    /** Scratch for one more search at the same time. */
    abstract ImageSearcher newSearcher();

    @Override
    public final Metric metric() {
        return header.metric();
    }

    @Override
    public final int dimension() {
        return header.dimension();
    }

    /** One range: a graph cannot be divided. */
    @Override
    public final List<RowRange> divide(int rowCount, int parts) {
        return List.of(new RowRange(0, rowCount));
    }

    @Override
    public final void search(List<RowSearch> searches, RowRange range) {
        ImageSearcher unused = idle.pollFirst();
        ImageSearcher searcher = unused == null ? newSearcher() : unused;
        searcher.search(searches);
        idle.addFirst(searcher);
    }
}
