package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;

/**
 * Writes the table of nodes that searches begin with: a sample of all nodes, in blocks of 32.
 *
 * <p>A small graph has one level, which is looked at whole. In a larger one the first blocks hold <b>heads</b>, and
 * behind them each head has a block of its own with the 32 sampled nodes that are nearest to it: a search looks at all
 * heads, and then at the blocks of the nearest ones until it is near its goal. So it begins well even where the rows
 * lie in many far clusters.
 */
final class EntryTable {
    /** Of heads, by the nodes that a graph must have for so many. */
    private static final int[][] HEAD_BLOCKS = {{400_000, 16}, {30_000, 8}, {8_000, 2}, {4_000, 1}};

    private static final int FLAT_BLOCKS_MAX = 4;

    /** Of the order in which nodes that are sorted by place come into the table. */
    private static final long SEED = 17;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final RowEncoder encoder;

    EntryTable(MemorySegment image, GraphLayout layout, RowEncoder encoder) {
        this.image = image;
        this.layout = layout;
        this.encoder = encoder;
    }

    /** Blocks of the table of so many nodes. */
    static int blocks(int nodeCount) {
        for (int[] step : HEAD_BLOCKS) {
            if (nodeCount >= step[0]) {
                return step[1] * (1 + GraphLayout.DEGREE);
            }
        }
        return nodeCount == 0 ? 0 : Math.clamp(nodeCount / GraphLayout.DEGREE, 1, FLAT_BLOCKS_MAX);
    }

    /** How many of a table's blocks hold heads; none in a table of one level. */
    static int headBlocks(int blocks) {
        return blocks / (1 + GraphLayout.DEGREE);
    }

    /** Blocks that name only nodes before {@code nodeCount}, where a table takes the first nodes there are. */
    static int blocksWithin(GraphLayout layout, int nodeCount) {
        int heads = headBlocks(layout.entryBlocks());
        int sampled = (layout.entryBlocks() - heads) * GraphLayout.DEGREE;
        int oneLevel = heads == 0 ? layout.entryBlocks() : heads;
        return nodeCount >= sampled ? layout.entryBlocks() : Math.min(oneLevel, nodeCount / GraphLayout.DEGREE);
    }

    /** Writes the table of the first nodes, which are a sample where nodes are in random order. */
    void writeFirst() {
        write(layout.nodeCount(), 1, 1, i -> i);
    }

    /**
     * Writes the table of nodes from all over the first {@code nodeCount}. Where these are too few for both levels, the
     * second names later nodes too: {@link #blocksWithin} says which blocks do not.
     */
    void writeEvenly(int nodeCount) {
        int heads = headBlocks(layout.entryBlocks());
        int groups = layout.entryBlocks() - heads;
        int[] order = InsertionOrder.of(groups * GraphLayout.DEGREE, SEED);
        write(nodeCount, step(nodeCount, groups), step(nodeCount, heads), i -> order[i]);
    }

    private static double step(int nodeCount, int blocks) {
        return Math.max(1, (double) nodeCount / Math.max(1, blocks * GraphLayout.DEGREE));
    }

    private void write(int nodeCount, double step, double headStep, IntUnaryOperator order) {
        int heads = headBlocks(layout.entryBlocks()) * GraphLayout.DEGREE;
        if (heads == 0) {
            writeBlocks(Math.min(layout.entryBlocks(), Math.max(1, nodeCount / GraphLayout.DEGREE)), step);
        } else {
            writeBlocks(heads / GraphLayout.DEGREE, headStep);
            writeGroups(heads, step, headStep, order);
        }
    }

    /** Names the last node again and again where there are fewer than a block has places. */
    private void writeBlocks(int count, double step) {
        for (int i = 0; i < count * GraphLayout.DEGREE; i++) {
            int node = Math.min((int) (i * step), layout.nodeCount() - 1);
            encoder.writeEntry(i / GraphLayout.DEGREE, i % GraphLayout.DEGREE, node);
        }
    }

    /**
     * Gives each sampled node to the nearest head whose block is not full. The last ones find room far away only, and
     * are hardly looked at: so these must be nodes from everywhere, not all of one place.
     *
     * @param order in which the samples come
     */
    private void writeGroups(int heads, double step, double headStep, IntUnaryOperator order) {
        int[] sizes = new int[heads];
        long[] distances = new long[heads];
        float[] floats = new float[layout.codeDimension()];
        for (int i = 0; i < heads * GraphLayout.DEGREE; i++) {
            int node = (int) (order.applyAsInt(i) * step);
            measure(node, floats, distances, headStep);
            int head = nearestWithRoom(distances, sizes);
            encoder.writeEntry(heads / GraphLayout.DEGREE + head, sizes[head]++, node);
        }
    }

    private void measure(int node, float[] floats, long[] distances, double step) {
        float sum = layout.decode(image, node, floats);
        float norm = image.get(GraphLayout.FLOAT, layout.row(node) + GraphLayout.NORM_AT);
        for (int head = 0; head < distances.length; head++) {
            long row = layout.row((int) (head * step));
            distances[head] = Beam.key(Distance.of(image, row, floats, norm, sum), head);
        }
    }

    private static int nearestWithRoom(long[] keys, int[] sizes) {
        long best = Long.MAX_VALUE;
        for (long key : keys) {
            if (key < best && sizes[(int) key] < GraphLayout.DEGREE) {
                best = key;
            }
        }
        return (int) best;
    }
}
