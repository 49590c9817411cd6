package io.quiver.executor.index.graph;

import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;

/**
 * The first page of an image, little-endian:
 *
 * <pre>
 * 0  u64  magic                   24 u32  nodes
 * 8  u32  version, 1              28 u32  blocks of the entry table
 * 12 u32  metric                  32 u64  seed of the rotation
 * 16 u32  dimension               40 f32  length of the longest row (inner product)
 * 20 u32  code dimension
 * </pre>
 */
record GraphHeader(Metric metric, int dimension, GraphLayout layout, long seed, float lengthMax)
        implements ImageHeader {
    private static final long MAGIC = 0x3148504152475651L;
    private static final int VERSION = 1;

    static void write(MemorySegment image, GraphLayout layout, CodeSpace space, int dimension) {
        image.set(GraphLayout.LONG, 0, MAGIC);
        image.set(GraphLayout.INT, 8, VERSION);
        image.set(GraphLayout.INT, 12, code(space.metric()));
        image.set(GraphLayout.INT, 16, dimension);
        image.set(GraphLayout.INT, 20, layout.codeDimension());
        image.set(GraphLayout.INT, 24, layout.nodeCount());
        image.set(GraphLayout.INT, 28, layout.entryBlocks());
        image.set(GraphLayout.LONG, 32, space.seed());
        image.set(GraphLayout.FLOAT, 40, space.lengthMax());
    }

    static GraphHeader read(MemorySegment image) {
        ImageHeader.expect(image.byteSize() > GraphLayout.HEADER_BYTES, "it is too short");
        ImageHeader.expect(image.get(GraphLayout.LONG, 0) == MAGIC, "it does not begin as one");
        ImageHeader.expect(image.get(GraphLayout.INT, 8) == VERSION, "its version is " + image.get(GraphLayout.INT, 8));
        Metric metric = metric(image.get(GraphLayout.INT, 12));
        int codeDimension = image.get(GraphLayout.INT, 20);
        ImageHeader.expect(codeDimension > 0 && codeDimension % 16 == 0, "its code dimension is " + codeDimension);
        GraphLayout layout =
                new GraphLayout(codeDimension, image.get(GraphLayout.INT, 24), image.get(GraphLayout.INT, 28));
        ImageHeader.expect(layout.nodeCount() >= 0 && layout.entryBlocks() >= 0, "it has less than no nodes");
        ImageHeader.expect(image.byteSize() >= layout.sizeBytes(), "it is cut short");
        return new GraphHeader(
                metric,
                image.get(GraphLayout.INT, 16),
                layout,
                image.get(GraphLayout.LONG, 32),
                image.get(GraphLayout.FLOAT, 40));
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

    /** The number of a metric in images. */
    static int code(Metric metric) {
        return switch (metric) {
            case SQUARED_L2 -> 1;
            case COSINE -> 2;
            case INNER_PRODUCT -> 3;
        };
    }

    static Metric metric(int code) {
        for (Metric metric : Metric.values()) {
            if (code(metric) == code) {
                return metric;
            }
        }
        throw new IllegalArgumentException("not the image of a graph: its metric is " + code);
    }
}
