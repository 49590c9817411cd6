package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * What the first components of long rows, the four lines that a row begins with, say about its distance from a query.
 *
 * <p>Components are rotated, so the first {@code H} of {@code D} account for about {@code H / D} of any squared
 * distance. How much more it may be is measured: of some thousand rows and one of their neighbours in the graph each,
 * whose differences are like those of queries and their hits. A row of which the head alone is farther away than that
 * share of the farthest hit's squared distance need not be read on. The idea is that of ADSampling (Gao and Long,
 * "High-dimensional approximate nearest neighbor search: with reliable and efficient distance comparison operations",
 * 2023); the share is an observed one here, for this rotation spreads what lies in a few components not quite evenly:
 * up to 2.3 times what an even spread would give the head, of 960 dimensions. So each search looks at its first rows
 * whole, and raises the share where it sees a larger one.
 *
 * <p>Four bytes a row: the squared length of its head. Immutable; safe on every thread.
 */
final class RowHeads {
    /** With the factors of a row, four lines. */
    static final int COMPONENTS = 4 * 64 - GraphLayout.BYTES_AT;

    private static final int PAIRS = 4_096;

    /** Standard deviations that a share may be above the mean: of normal ones, one in three million is farther. */
    private static final double DEVIATIONS = 5;

    /** A share may be so many times the largest that was seen. */
    static final float ABOVE_LARGEST = 1.1f;

    private final MemorySegment squares;
    private final float shareMax;

    private RowHeads(MemorySegment squares, float shareMax) {
        this.squares = squares;
        this.shareMax = shareMax;
    }

    /** Whether there is more behind the head than in it. */
    static boolean areWorthwhile(int codeDimension) {
        return codeDimension >= 2 * COMPONENTS;
    }

    static long sizeBytes(int codeDimension, int rowCount) {
        return areWorthwhile(codeDimension) ? (long) rowCount * Float.BYTES : 0;
    }

    /** Reads the head of every row of the image. */
    static RowHeads of(MemorySegment image, GraphLayout layout, SegmentAllocator memory) {
        MemorySegment squares = memory.allocate(ValueLayout.JAVA_FLOAT, layout.nodeCount());
        float[] floats = new float[COMPONENTS];
        for (int node = 0; node < layout.nodeCount(); node++) {
            layout.decode(image, node, floats);
            float square = (float) CodeSpace.square(floats);
            squares.setAtIndex(ValueLayout.JAVA_FLOAT, layout.segmentRow(image, node), square);
        }
        return new RowHeads(squares, largestShare(image, layout));
    }

    private static float largestShare(MemorySegment image, GraphLayout layout) {
        SplittableRandom random = new SplittableRandom(layout.nodeCount());
        float[] one = new float[layout.codeDimension()];
        float[] other = new float[layout.codeDimension()];
        double[] shares = random.ints(Math.min(PAIRS, layout.nodeCount()), 0, layout.nodeCount())
                .mapToDouble(node -> share(image, layout, node, random.nextInt(GraphLayout.DEGREE), one, other))
                .filter(Double::isFinite)
                .toArray();
        return largest(shares);
    }

    /** No number where there is no such neighbour, or no difference. */
    private static double share(
            MemorySegment image, GraphLayout layout, int node, int slot, float[] one, float[] other) {
        int neighbor = layout.neighbor(image, node, slot);
        if (neighbor < 0) {
            return Double.NaN;
        }
        layout.decode(image, node, one);
        layout.decode(image, neighbor, other);
        double head = squaredDistance(one, other, 0, COMPONENTS);
        return head / (head + squaredDistance(one, other, COMPONENTS, one.length));
    }

    private static double squaredDistance(float[] one, float[] other, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double difference = one[i] - other[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static float largest(double[] shares) {
        double sum = 0;
        double squares = 0;
        double largest = shares.length == 0 ? 1 : 0;
        for (double share : shares) {
            sum += share;
            squares += share * share;
            largest = Math.max(largest, share);
        }
        double mean = sum / Math.max(1, shares.length);
        double deviation = Math.sqrt(Math.max(0, squares / Math.max(1, shares.length) - mean * mean));
        return (float) Math.min(1, Math.max(mean + DEVIATIONS * deviation, ABOVE_LARGEST * largest));
    }

    /** Squared length of the head of a row in code space. */
    float square(int row) {
        return squares.getAtIndex(ValueLayout.JAVA_FLOAT, row);
    }

    /** The largest share of a squared distance that is to be expected in a head, 0 to 1. */
    float shareMax() {
        return shareMax;
    }
}
