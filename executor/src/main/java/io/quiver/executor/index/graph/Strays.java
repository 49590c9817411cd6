package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;

/**
 * Finds nodes that no row names, which no search would ever find, and has the nearest of their neighbours name them: in the
 * slot of its farthest neighbour that others name as well, one that only fills the row if there is any.
 *
 * <p>A build leaves about one such node in a thousand: those whose edges back all rows refused. For one thread.
 */
final class Strays {
    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildState state;
    private final RowEncoder encoder;
    private final SlotRecovery recovery;
    private final int[] namedBy;

    Strays(MemorySegment image, GraphLayout layout, BuildState state) {
        this.image = image;
        this.layout = layout;
        this.state = state;
        this.encoder = new RowEncoder(image, layout);
        this.recovery = new SlotRecovery(image, layout, state);
        this.namedBy = new int[layout.nodeCount()];
    }

    void bringIn() {
        for (int node = 0; node < layout.nodeCount(); node++) {
            for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
                int neighbor = layout.neighbor(image, node, slot);
                if (neighbor != GraphLayout.NONE) {
                    namedBy[neighbor]++;
                }
            }
        }
        for (int node = 0; node < layout.nodeCount(); node++) {
            if (namedBy[node] == 0) {
                bringIn(node);
            }
        }
    }

    private void bringIn(int stray) {
        recovery.ensureKnown(stray);
        int tried = 0;
        for (int nearest = nearest(stray, tried); nearest >= 0; nearest = nearest(stray, tried)) {
            int host = layout.neighbor(image, stray, nearest);
            recovery.ensureKnown(host);
            int slot = dispensable(host);
            if (slot >= 0) {
                replace(host, slot, stray, state.distance(stray, nearest));
                return;
            }
            tried |= 1 << nearest;
        }
    }

    /** The slot of the nearest neighbour that was not tried, -1 where there is none. */
    private int nearest(int node, int tried) {
        int nearest = -1;
        for (int slot = 0; slot < GraphLayout.DEGREE && layout.neighbor(image, node, slot) >= 0; slot++) {
            boolean isTried = (tried >>> slot & 1) == 1;
            if (!isTried && (nearest < 0 || state.distance(node, slot) < state.distance(node, nearest))) {
                nearest = slot;
            }
        }
        return nearest;
    }

    private int dispensable(int host) {
        int filling = farthest(host, ~state.strict(host));
        return filling >= 0 ? filling : farthest(host, state.strict(host));
    }

    /** The slot of the farthest neighbour that other rows name as well, among those of a mask; the first free one before it. */
    private int farthest(int host, int mask) {
        int farthest = -1;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int neighbor = layout.neighbor(image, host, slot);
            if (neighbor == GraphLayout.NONE) {
                return slot;
            }
            boolean isInMask = (mask >>> slot & 1) == 1;
            if (isInMask
                    && namedBy[neighbor] > 1
                    && (farthest < 0 || state.distance(host, slot) > state.distance(host, farthest))) {
                farthest = slot;
            }
        }
        return farthest;
    }

    private void replace(int host, int slot, int stray, float distance) {
        int before = layout.neighbor(image, host, slot);
        if (before != GraphLayout.NONE) {
            namedBy[before]--;
        }
        encoder.writeSlot(host, slot, stray);
        state.setDistance(host, slot, distance);
        state.setStrict(host, state.strict(host) | 1 << slot);
        namedBy[stray]++;
    }
}
