package io.quiver.executor.index.graph;

import java.util.BitSet;
import java.util.SplittableRandom;

/** Which row of the segment each node stands for: the order in which they become nodes, at random. */
final class InsertionOrder {
    private InsertionOrder() {}

    /** All rows. */
    static int[] of(int rowCount, long seed) {
        return fill(new int[rowCount], 0, new BitSet(), seed);
    }

    /** The nodes of a base as they are, then all other rows. */
    static int[] after(JoinBase base, int rowCount, long seed) {
        int[] order = new int[rowCount];
        BitSet placed = new BitSet(rowCount);
        for (int oldNode = 0; oldNode < base.oldCount(); oldNode++) {
            int node = base.newNode(oldNode);
            if (node != GraphLayout.NONE) {
                order[node] = base.newRow(oldNode);
                placed.set(order[node]);
            }
        }
        if (placed.cardinality() != base.count() || placed.length() > rowCount) {
            throw new IllegalArgumentException(
                    "%d nodes became %d of %d rows".formatted(base.count(), placed.cardinality(), rowCount));
        }
        return fill(order, base.count(), placed, seed);
    }

    /** Shuffles the rows that are not placed into what is left of the order. */
    private static int[] fill(int[] order, int from, BitSet placed, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int end = from;
        for (int row = placed.nextClearBit(0); row < order.length; row = placed.nextClearBit(row + 1)) {
            int other = from + random.nextInt(end - from + 1);
            order[end++] = order[other];
            order[other] = row;
        }
        return order;
    }
}
