package io.quiver.executor.index.graph;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a build knows about each slot beside the image: the distance of its neighbour, and whether the neighbour was
 * kept by the rule or only fills the row. Memory of its own, freed by {@link #close}.
 */
final class BuildState implements AutoCloseable {
    private static final long NODE_BYTES = (GraphLayout.DEGREE + 1L) * Float.BYTES;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment slots;

    BuildState(int nodeCount) {
        slots = arena.allocate(nodeCount * NODE_BYTES, 64);
    }

    float distance(int node, int slot) {
        return slots.get(GraphLayout.FLOAT, node * NODE_BYTES + 4L * slot);
    }

    void setDistance(int node, int slot, float distance) {
        slots.set(GraphLayout.FLOAT, node * NODE_BYTES + 4L * slot, distance);
    }

    /** Bit {@code slot} is set where the neighbour was kept by the rule. */
    int strict(int node) {
        return slots.get(GraphLayout.INT, node * NODE_BYTES + 4L * GraphLayout.DEGREE);
    }

    void setStrict(int node, int mask) {
        slots.set(GraphLayout.INT, node * NODE_BYTES + 4L * GraphLayout.DEGREE, mask);
    }

    /** Says that nothing is known about a node's slots. */
    void forget(int node) {
        setDistance(node, 0, Float.NaN);
    }

    boolean isForgotten(int node) {
        return Float.isNaN(distance(node, 0));
    }

    @Override
    public void close() {
        arena.close();
    }
}
