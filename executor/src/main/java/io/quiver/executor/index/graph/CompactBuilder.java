package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the compact image of a graph, for collections larger than memory: 4-bit codes of the embeddings, and of each
 * node's neighbours as many as a quarter of the raw embeddings' bytes has room for. The same graph and rows give the
 * same image.
 */
public final class CompactBuilder {
    private static final int SHARE_NODES = 256;

    private final MemorySegment graph;
    private final GraphHeader header;
    private final CodeSpace space;
    private final CompactLayout layout;
    private final MemorySegment image;
    private final EmbeddingRows rows;
    private final int[] rowOfNode;

    private CompactBuilder(MemorySegment graph, EmbeddingRows rows, SegmentAllocator allocator) {
        this.graph = graph;
        this.rows = rows;
        this.header = GraphHeader.read(graph);
        this.space = header.space(graph);
        this.layout = CompactLayout.of(
                header.dimension(), space.codeDimension(), header.layout().nodeCount(), entryCount(header.layout()));
        this.image = allocator.allocate(layout.sizeBytes(), 64);
        this.rowOfNode = new int[layout.nodeCount()];
    }

    /**
     * Makes the compact image of a graph.
     *
     * @param graph as {@link GraphBuilder} made it
     * @param rows that it was built from
     * @param allocator gives the memory of the image, once, zeroed
     */
    public static MemorySegment build(
            MemorySegment graph, EmbeddingRows rows, BuildWorkers workers, SegmentAllocator allocator) {
        return new CompactBuilder(graph, rows, allocator).run(workers);
    }

    private MemorySegment run(BuildWorkers workers) {
        CompactHeader.write(image, layout, header);
        MemorySegment.copy(space.mean(), 0, image, GraphLayout.FLOAT, layout.meanAt(), space.mean().length);
        for (int node = 0; node < rowOfNode.length; node++) {
            rowOfNode[node] = header.layout().segmentRow(graph, node);
        }
        writeEntries();
        AtomicInteger next = new AtomicInteger();
        int[] named = CompactLinks.named(graph, header.layout());
        workers.run(_ -> writeRows(next, named));
        CompactHeader.seal(image);
        return image;
    }

    /** Those of the graph, of two levels the upper one; all nodes of one that is too small to have any. */
    private static int entryCount(GraphLayout graph) {
        int heads = EntryTable.headBlocks(graph.entryBlocks());
        int blocks = heads == 0 ? graph.entryBlocks() : heads;
        return blocks == 0 ? graph.nodeCount() : blocks * GraphLayout.DEGREE;
    }

    private void writeEntries() {
        for (int i = 0; i < layout.entryCount(); i++) {
            int node = header.layout().entryBlocks() == 0
                    ? i
                    : header.layout().entryNode(graph, i / GraphLayout.DEGREE, i % GraphLayout.DEGREE);
            image.set(GraphLayout.INT, layout.entry(i), rowOfNode[node]);
        }
    }

    private void writeRows(AtomicInteger next, int[] named) {
        CompactCode code = new CompactCode(layout);
        CompactLinks links = new CompactLinks(graph, header.layout(), layout.degree(), named);
        float[] floats = new float[layout.codeDimension()];
        int count = layout.nodeCount();
        for (int from = next.getAndAdd(SHARE_NODES); from < count; from = next.getAndAdd(SHARE_NODES)) {
            for (int node = from; node < Math.min(from + SHARE_NODES, count); node++) {
                int row = rowOfNode[node];
                space.project(rows, row, floats);
                code.write(image, layout.row(row), floats);
                writeLinks(links, node, row);
            }
        }
    }

    private void writeLinks(CompactLinks links, int node, int row) {
        int count = links.choose(node);
        for (int i = 0; i < layout.degree(); i++) {
            layout.writeNeighbor(image, row, i, i < count ? rowOfNode[links.node(i)] : GraphLayout.NONE);
        }
    }
}
