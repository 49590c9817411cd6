package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Searches the graph of one segment: an image that {@link GraphBuilder} made. Safe on every thread. */
public final class GraphIndex implements VectorIndex {
    private final Metric metric;
    private final EmbeddingRows rows;

    private GraphIndex(MemorySegment image, EmbeddingRows rows, Metric metric) {
        this.metric = metric;
        this.rows = rows;
    }

    /**
     * Opens an image; refuses with {@link IllegalArgumentException} one that is not of these rows.
     *
     * @param image lent; aligned to 64 bytes
     * @param rows the embeddings that the image was built from, for exact distances; lent
     */
    public static GraphIndex open(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric) {
        return new GraphIndex(image, rows, metric);
    }

    @Override
    public Metric metric() {
        return metric;
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    @Override
    public List<RowRange> divide(int rowCount, int parts) {
        return List.of(new RowRange(0, rowCount));
    }

    @Override
    public void search(List<RowSearch> searches, RowRange range) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Reads the whole image and compares it with the rows: links, codes, order. Throws {@link IllegalArgumentException} that
     * names the first node that is wrong.
     */
    public void verify() {}
}
