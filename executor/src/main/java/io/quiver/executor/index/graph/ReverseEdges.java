package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;

/**
 * Offers new nodes to the rows of those that they chose: a newcomer that no kept neighbour hides is kept, and those
 * that it hides only fill the row from then on; a hidden one fills the row where it is nearer than the farthest that
 * does.
 *
 * <p>Scratch of one thread; no two threads may work on one target.
 */
final class ReverseEdges {
    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildState state;
    private final RowEncoder encoder;
    private final NodeDistances measure;
    private final int[] nodes = new int[GraphLayout.DEGREE];
    private final float[] distances = new float[GraphLayout.DEGREE];
    private final float[] between = new float[GraphLayout.DEGREE];

    ReverseEdges(MemorySegment image, GraphLayout layout, BuildState state, RowEncoder encoder) {
        this.image = image;
        this.layout = layout;
        this.state = state;
        this.encoder = encoder;
        this.measure = new NodeDistances(image, layout);
    }

    void offer(int target, int node, float distance) {
        int count = load(target);
        for (int i = 0; i < count; i++) {
            if (nodes[i] == node) {
                return;
            }
        }
        measure.measure(node, nodes, count, between);
        int strict = state.strict(target);
        if (isHidden(distance, count, strict)) {
            fill(target, node, distance, count, strict);
        } else {
            keep(target, node, distance, count, strict);
        }
    }

    private int load(int target) {
        int count = 0;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            nodes[slot] = layout.neighbor(image, target, slot);
            distances[slot] = state.distance(target, slot);
            count += nodes[slot] >= 0 ? 1 : 0;
        }
        return count;
    }

    private boolean isHidden(float distance, int count, int strict) {
        for (int i = 0; i < count; i++) {
            if ((strict >>> i & 1) == 1 && distances[i] <= distance && between[i] < distance) {
                return true;
            }
        }
        return false;
    }

    private void fill(int target, int node, float distance, int count, int strict) {
        int slot = count < GraphLayout.DEGREE ? count : farthest(~strict);
        if (slot >= 0 && (slot == count || distance < distances[slot])) {
            write(target, slot, node, distance, strict & ~(1 << slot));
        }
    }

    private void keep(int target, int node, float distance, int count, int strict) {
        int remaining = strict;
        for (int i = 0; i < count; i++) {
            if (distances[i] > distance && between[i] < distances[i]) {
                remaining &= ~(1 << i);
            }
        }
        int slot = count < GraphLayout.DEGREE ? count : farthest(~remaining);
        if (slot < 0) {
            slot = farthest(remaining);
            if (distance >= distances[slot]) {
                return;
            }
        }
        write(target, slot, node, distance, remaining | 1 << slot);
    }

    /** The slot of the farthest neighbour among those of a mask, -1 where there is none. */
    private int farthest(int mask) {
        int farthest = -1;
        for (int bits = mask; bits != 0; bits &= bits - 1) {
            int slot = Integer.numberOfTrailingZeros(bits);
            if (farthest < 0 || distances[slot] > distances[farthest]) {
                farthest = slot;
            }
        }
        return farthest;
    }

    private void write(int target, int slot, int node, float distance, int strict) {
        encoder.writeSlot(target, slot, node);
        state.setDistance(target, slot, distance);
        state.setStrict(target, strict);
    }
}
