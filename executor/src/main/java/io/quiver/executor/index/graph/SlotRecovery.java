package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Finds out again what a build knew about the slots of a row that was copied from an older graph: distances from the
 * bytes, and the neighbours that the rule keeps. Only for rows that are offered something, for most are not.
 *
 * <p>Scratch of one thread; no two threads may work on one node.
 */
final class SlotRecovery {
    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildState state;
    private final Neighbors neighbors;
    private final NodeDistances measure;
    private final int[] nodes = new int[GraphLayout.DEGREE];
    private final float[] distances = new float[GraphLayout.DEGREE];
    private final long[] candidates = new long[GraphLayout.DEGREE];

    SlotRecovery(MemorySegment image, GraphLayout layout, BuildState state) {
        this.image = image;
        this.layout = layout;
        this.state = state;
        this.neighbors = new Neighbors(image, layout);
        this.measure = new NodeDistances(image, layout);
    }

    void ensureKnown(int node) {
        if (state.isForgotten(node)) {
            int count = load(node);
            measure.measure(node, nodes, count, distances);
            for (int slot = 0; slot < count; slot++) {
                candidates[slot] = Beam.key(distances[slot], nodes[slot]);
                state.setDistance(node, slot, Beam.distance(candidates[slot]));
            }
            Arrays.sort(candidates, 0, count);
            neighbors.choose(candidates, count);
            state.setStrict(node, strictSlots(count));
        }
    }

    private int load(int node) {
        int count = 0;
        while (count < GraphLayout.DEGREE && layout.neighbor(image, node, count) >= 0) {
            nodes[count] = layout.neighbor(image, node, count);
            count++;
        }
        return count;
    }

    private int strictSlots(int count) {
        int mask = 0;
        for (int slot = 0; slot < count; slot++) {
            mask |= isStrict(nodes[slot]) ? 1 << slot : 0;
        }
        return mask;
    }

    private boolean isStrict(int node) {
        for (int i = 0; i < neighbors.strictCount(); i++) {
            if (neighbors.node(i) == node) {
                return true;
            }
        }
        return false;
    }
}
