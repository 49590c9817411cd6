package io.quiver.executor.index.graph;

import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * The first page of a compact image, little-endian:
 *
 * <pre>
 * 0  u64  magic                   28 u32  neighbours of a node
 * 8  u32  version, 1              32 u32  entry nodes
 * 12 u32  metric                  36 f32  length of the longest row (inner product)
 * 16 u32  dimension               40 u64  seed of the rotation
 * 20 u32  code dimension          48 u32  CRC-32C of the image, with zero here
 * 24 u32  nodes
 * </pre>
 */
record CompactHeader(Metric metric, int dimension, CompactLayout layout, long seed, float lengthMax)
        implements ImageHeader {
    private static final long MAGIC = 0x3131504D43475651L;
    private static final int VERSION = 1;
    private static final int CHECKSUM_AT = 48;
    private static final int CHECKED_BYTES = 1 << 20;

    static void write(MemorySegment image, CompactLayout layout, GraphHeader graph) {
        image.set(GraphLayout.LONG, 0, MAGIC);
        image.set(GraphLayout.INT, 8, VERSION);
        image.set(GraphLayout.INT, 12, GraphHeader.code(graph.metric()));
        image.set(GraphLayout.INT, 16, graph.dimension());
        image.set(GraphLayout.INT, 20, layout.codeDimension());
        image.set(GraphLayout.INT, 24, layout.nodeCount());
        image.set(GraphLayout.INT, 28, layout.degree());
        image.set(GraphLayout.INT, 32, layout.entryCount());
        image.set(GraphLayout.FLOAT, 36, graph.lengthMax());
        image.set(GraphLayout.LONG, 40, graph.seed());
    }

    static CompactHeader read(MemorySegment image) {
        ImageHeader.expect(image.byteSize() > CompactLayout.HEADER_BYTES, "it is too short");
        ImageHeader.expect(image.get(GraphLayout.LONG, 0) == MAGIC, "it does not begin as one");
        ImageHeader.expect(image.get(GraphLayout.INT, 8) == VERSION, "its version is " + image.get(GraphLayout.INT, 8));
        CompactLayout layout = new CompactLayout(
                image.get(GraphLayout.INT, 20),
                image.get(GraphLayout.INT, 24),
                image.get(GraphLayout.INT, 28),
                image.get(GraphLayout.INT, 32));
        ImageHeader.expect(
                layout.codeDimension() > 0 && layout.codeDimension() % 16 == 0, "its code dimension is wrong");
        ImageHeader.expect(
                layout.degree() > 0 && layout.degree() <= GraphLayout.DEGREE, "its degree is " + layout.degree());
        ImageHeader.expect(layout.nodeCount() >= 0 && layout.entryCount() >= 0, "it has less than no nodes");
        ImageHeader.expect(image.byteSize() >= layout.sizeBytes(), "it is cut short");
        return new CompactHeader(
                GraphHeader.metric(image.get(GraphLayout.INT, 12)),
                image.get(GraphLayout.INT, 16),
                layout,
                image.get(GraphLayout.LONG, 40),
                image.get(GraphLayout.FLOAT, 36));
    }

    @Override
    public int nodeCount() {
        return layout.nodeCount();
    }

    @Override
    public int codeDimension() {
        return layout.codeDimension();
    }

    @Override
    public long meanAt() {
        return layout.meanAt();
    }

    /** Writes the checksum of an image that is otherwise complete. */
    static void seal(MemorySegment image) {
        image.set(GraphLayout.INT, CHECKSUM_AT, checksum(image));
    }

    static void checkSeal(MemorySegment image) {
        ImageHeader.expect(
                image.get(GraphLayout.INT, CHECKSUM_AT) == checksum(image), "its checksum is not that of its bytes");
    }

    private static int checksum(MemorySegment image) {
        CRC32C checksum = new CRC32C();
        checksum.update(image.asSlice(0, CHECKSUM_AT).asByteBuffer());
        checksum.update(new byte[Integer.BYTES]);
        long size = image.byteSize();
        for (long from = CHECKSUM_AT + Integer.BYTES; from < size; from += CHECKED_BYTES) {
            checksum.update(
                    image.asSlice(from, Math.min(CHECKED_BYTES, size - from)).asByteBuffer());
        }
        return (int) checksum.getValue();
    }
}
