package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;

/**
 * Finds nodes that too few of their own neighbours name, and has the nearest of these name them: in the slot of the farthest
 * neighbour that can do without, one that only fills the row if there is any. A search for what such a node holds comes to
 * its neighbours, and would not go on to it.
 *
 * <p>A build leaves a few such nodes in a hundred: those whose edges back most rows refused or have given up since. For one
 * thread.
 */
final class Strays {
    /** Nodes of one or two names were lost to one search in a thousand. */
    private static final int NAMES_MIN = 3;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildState state;
    private final RowEncoder encoder;
    private final SlotRecovery recovery;

    Strays(MemorySegment image, GraphLayout layout, BuildState state) {
        this.image = image;
        this.layout = layout;
        this.state = state;
        this.encoder = new RowEncoder(image, layout);
        this.recovery = new SlotRecovery(image, layout, state);
    }

    void bringIn() {
        for (int node = 0; node < layout.nodeCount(); node++) {
            int names = names(node, GraphLayout.NONE);
            if (names < NAMES_MIN) {
                bringIn(node, NAMES_MIN - names);
            }
        }
    }

    /** How many neighbours of a node name it, other than {@code except}; counts no further than is enough. */
    private int names(int node, int except) {
        int count = 0;
        for (int slot = 0; slot < GraphLayout.DEGREE && count < NAMES_MIN; slot++) {
            int neighbor = layout.neighbor(image, node, slot);
            if (neighbor != GraphLayout.NONE && neighbor != except && isNamedBy(neighbor, node)) {
                count++;
            }
        }
        return count;
    }

    private boolean isNamedBy(int node, int other) {
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            if (layout.neighbor(image, node, slot) == other) {
                return true;
            }
        }
        return false;
    }

    private void bringIn(int stray, int names) {
        recovery.ensureKnown(stray);
        int missing = names;
        int tried = 0;
        int nearest = nearest(stray, tried);
        while (missing > 0 && nearest >= 0) {
            missing -=
                    isHostedBy(layout.neighbor(image, stray, nearest), stray, state.distance(stray, nearest)) ? 1 : 0;
            tried |= 1 << nearest;
            nearest = nearest(stray, tried);
        }
    }

    /** Has a host name a stray; {@code false} where it does already or can do without none of its neighbours. */
    private boolean isHostedBy(int host, int stray, float distance) {
        if (isNamedBy(host, stray)) {
            return false;
        }
        recovery.ensureKnown(host);
        int slot = dispensable(host);
        if (slot >= 0) {
            replace(host, slot, stray, distance);
        }
        return slot >= 0;
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

    /** The slot of the farthest neighbour that enough others name, among those of a mask; a free one before it. */
    private int farthest(int host, int mask) {
        int farthest = -1;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int neighbor = layout.neighbor(image, host, slot);
            if (neighbor == GraphLayout.NONE) {
                return slot;
            }
            boolean isInMask = (mask >>> slot & 1) == 1;
            boolean isFarther = farthest < 0 || state.distance(host, slot) > state.distance(host, farthest);
            if (isInMask && isFarther && names(neighbor, host) >= NAMES_MIN) {
                farthest = slot;
            }
        }
        return farthest;
    }

    private void replace(int host, int slot, int stray, float distance) {
        encoder.writeSlot(host, slot, stray);
        state.setDistance(host, slot, distance);
        state.setStrict(host, state.strict(host) | 1 << slot);
    }
}
