package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Searches the graph of one segment: an image that {@link GraphBuilder} made. Queries of a batch take turns, so that
 * the memory works for one while another computes.
 *
 * <p>Safe on every thread.
 */
public final class GraphIndex extends ImageIndex {
    private final MemorySegment image;
    private final EmbeddingRows rows;
    private final GraphHeader header;
    private final CodeSpace space;

    private GraphIndex(MemorySegment image, EmbeddingRows rows, GraphHeader header) {
        super(header);
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

    /**
     * Searches rows by the bytes of their nodes: for filters that accept few of them.
     *
     * @param memory asked once for {@link #byBytesSize}; it lives as long as the image
     */
    public ByteIndex byBytes(SegmentAllocator memory) {
        return ByteIndex.of(image, header.layout(), space, rows, memory);
    }

    /** Bytes that searches by bytes need of so many rows. */
    public static long byBytesSize(Metric metric, int dimension, int rowCount) {
        return ByteIndex.sizeBytes(CodeSpace.codeDimension(metric, dimension), rowCount);
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
    ImageSearcher newSearcher() {
        return new GraphSearcher(image, header.layout(), space, header.metric(), rows);
    }

    /**
     * Reads the whole image and compares it with the rows: links, codes, order. Throws {@link IllegalArgumentException}
     * that names the first node that is wrong.
     */
    public void verify() {
        new GraphCheck(image, header.layout(), space, rows).check();
    }
}
