package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;

/**
 * Sees that every node is named by a few others: what no row names is never found, and what few rows name is often
 * missed. A node that too few name takes the place of a neighbour that many others name in the rows of its own
 * neighbours, the nearest first.
 *
 * <p>The last step of a build, on one thread: few nodes need it.
 */
final class Reachability {
    /** Rows that shall name a node. */
    private static final int NAMED_MIN = 16;
    /** A node that so many rows name may lose one. */
    private static final int NAMED_OFTEN = 2 * NAMED_MIN;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildState state;
    private final RowEncoder encoder;
    private final SlotRecovery recovery;
    private final int[] named;

    Reachability(MemorySegment image, GraphLayout layout, BuildState state, RowEncoder encoder) {
        this.image = image;
        this.layout = layout;
        this.state = state;
        this.encoder = encoder;
        this.recovery = new SlotRecovery(image, layout, state);
        this.named = new int[layout.nodeCount()];
    }

    void run() {
        for (int node = 0; node < layout.nodeCount(); node++) {
            for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
                int neighbor = layout.neighbor(image, node, slot);
                if (neighbor >= 0) {
                    named[neighbor]++;
                }
            }
        }
        for (int node = 0; node < layout.nodeCount(); node++) {
            if (named[node] < NAMED_MIN) {
                makeKnown(node);
            }
        }
    }

    private void makeKnown(int node) {
        recovery.ensureKnown(node);
        long asked = 0;
        for (int turn = 0; turn < GraphLayout.DEGREE && named[node] < NAMED_MIN; turn++) {
            int slot = nearestNotIn(node, asked);
            asked |= 1L << slot;
            int neighbor = layout.neighbor(image, node, slot);
            if (neighbor >= 0) {
                introduce(node, neighbor, state.distance(node, slot));
            }
        }
    }

    private int nearestNotIn(int node, long asked) {
        int nearest = -1;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            if ((asked >>> slot & 1) == 0
                    && (nearest < 0 || state.distance(node, slot) < state.distance(node, nearest))) {
                nearest = slot;
            }
        }
        return nearest;
    }

    /** Writes the node into a row in place of the neighbour there that most others name; into none that names it. */
    private void introduce(int node, int target, float distance) {
        recovery.ensureKnown(target);
        int strict = state.strict(target);
        int given = -1;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int neighbor = layout.neighbor(image, target, slot);
            if (neighbor == node) {
                return;
            }
            if (canSpare(target, slot, strict) && (given < 0 || isNamedMore(target, slot, given))) {
                given = slot;
            }
        }
        if (given >= 0) {
            named[layout.neighbor(image, target, given)]--;
            named[node]++;
            encoder.writeSlot(target, given, node);
            state.setDistance(target, given, distance);
            state.setStrict(target, strict | 1 << given);
        }
    }

    /** Only what fills a row may go: what the rule kept may be the one way to other places. */
    private boolean canSpare(int target, int slot, int strict) {
        int neighbor = layout.neighbor(image, target, slot);
        return neighbor >= 0 && (strict >>> slot & 1) == 0 && named[neighbor] > NAMED_OFTEN;
    }

    private boolean isNamedMore(int target, int slot, int other) {
        return named[layout.neighbor(image, target, slot)] > named[layout.neighbor(image, target, other)];
    }
}
