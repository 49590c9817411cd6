package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Searches the graph of one segment: an image that {@link GraphBuilder} made. Queries of a batch take turns, so that the
 * memory works for one while another computes.
 *
 * <p>Safe on every thread; each call takes scratch from a pool that has as many entries as there ever were calls at the same
 * time. Nothing that grows with the graph or with ef is allocated anew once there is enough.
 */
public final class GraphIndex implements VectorIndex {
    private final MemorySegment image;
    private final EmbeddingRows rows;
    private final GraphHeader header;
    private final CodeSpace space;
    private final ConcurrentLinkedDeque<GraphSearcher> idle = new ConcurrentLinkedDeque<>();

    private GraphIndex(MemorySegment image, EmbeddingRows rows, GraphHeader header) {
        this.image = image;
        this.rows = rows;
        this.header = header;
        this.space = header.space(image);
    }

    /**
     * Opens an image; refuses with {@link IllegalArgumentException} one that is not of these rows.
     *
     * @param image lent; aligned to 64 bytes
     * @param rows the embeddings that the image was built from, for exact distances; lent
     */
    public static GraphIndex open(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric) {
        GraphHeader header = GraphHeader.read(image);
        header.expect(metric, rows.dimension(), rowCount);
        return new GraphIndex(image, rows, header);
    }

    MemorySegment image() {
        return image;
    }

    GraphLayout layout() {
        return header.layout();
    }

    CodeSpace space() {
        return space;
    }

    int nodeCount() {
        return header.layout().nodeCount();
    }

    @Override
    public Metric metric() {
        return header.metric();
    }

    @Override
    public int dimension() {
        return header.dimension();
    }

    /** One range: a graph cannot be divided. */
    @Override
    public List<RowRange> divide(int rowCount, int parts) {
        return List.of(new RowRange(0, rowCount));
    }

    @Override
    public void search(List<RowSearch> searches, RowRange range) {
        GraphSearcher searcher = idle.pollFirst();
        if (searcher == null) {
            searcher = new GraphSearcher(image, header.layout(), space, header.metric(), rows);
        }
        searcher.search(searches);
        idle.addFirst(searcher);
    }

    /**
     * Reads the whole image and compares it with the rows: links, codes, order. Throws {@link IllegalArgumentException} that
     * names the first node that is wrong.
     */
    public void verify() {
        new GraphCheck(image, header.layout(), space, rows).check();
    }
}
