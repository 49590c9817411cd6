package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * The node of each row of a segment: the opposite of what an image says. Four bytes a row. Immutable; safe on every
 * thread.
 *
 * <p>Of some rows the bytes of their node do not say how far they are: of one without length where the cosine counts,
 * for it was laid where none is looked for, and of one whose length is beyond the squares of floats.
 */
final class RowNodes {
    /** Longer ones may lead out of the range of a float. */
    private static final float SQUARE_MAX = 1e30f;

    private final MemorySegment nodes;

    private RowNodes(MemorySegment nodes) {
        this.nodes = nodes;
    }

    static long sizeBytes(int rowCount) {
        return (long) rowCount * Integer.BYTES;
    }

    /** Reads a line of every row of the image. */
    static RowNodes of(
            MemorySegment image, GraphLayout layout, Metric metric, EmbeddingRows rows, SegmentAllocator memory) {
        MemorySegment nodes = memory.allocate(ValueLayout.JAVA_INT, layout.nodeCount());
        for (int node = 0; node < layout.nodeCount(); node++) {
            int row = layout.segmentRow(image, node);
            float square = image.get(GraphLayout.FLOAT, layout.row(node) + GraphLayout.NORM_AT);
            boolean isTold = square < SQUARE_MAX && (metric != Metric.COSINE || hasLength(rows, row));
            nodes.setAtIndex(ValueLayout.JAVA_INT, row, isTold ? node : ~node);
        }
        return new RowNodes(nodes);
    }

    private static boolean hasLength(EmbeddingRows rows, int row) {
        MemorySegment norms = rows.inverseNorms(row / rows.chunkRows());
        return norms.get(GraphLayout.FLOAT, (long) row % rows.chunkRows() * Float.BYTES) != 0;
    }

    /** {@link GraphLayout#NONE} where its bytes do not tell the distance. */
    int node(int row) {
        return Math.max(GraphLayout.NONE, nodes.getAtIndex(ValueLayout.JAVA_INT, row));
    }
}
