package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Repairs rows that have lost neighbours: the neighbours of the lost ones are candidates beside those that are left,
 * and the rule chooses anew (Singh et al., "FreshDiskANN", arXiv 2105.09613, algorithm 4). Who stays a neighbour keeps
 * its slot, so that only codes of new ones are written.
 *
 * <p>Reads links of the old image and bytes of the new one, and writes links of its node alone: the order of repairs
 * means nothing. Scratch of one thread.
 */
final class RowRepair {
    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildState state;
    private final RowEncoder encoder;
    private final Neighbors neighbors;
    private final NodeDistances measure;
    private final int[] nodes = new int[GraphLayout.DEGREE * GraphLayout.DEGREE];
    private final float[] distances = new float[nodes.length];
    private final long[] candidates = new long[nodes.length];
    private final int[] kept = new int[GraphLayout.DEGREE];
    private final int[] slotOf = new int[GraphLayout.DEGREE];
    private long[] newEdges = new long[1 << 10];
    private int newEdgeCount;

    RowRepair(MemorySegment image, GraphLayout layout, BuildState state) {
        this.image = image;
        this.layout = layout;
        this.state = state;
        this.encoder = new RowEncoder(image, layout);
        this.neighbors = new Neighbors(image, layout);
        this.measure = new NodeDistances(image, layout);
    }

    /**
     * Repairs the row that was copied from {@code oldNode}, if it has to be; its lost neighbours are no nodes there.
     */
    void repair(JoinBase base, int oldNode) {
        int node = base.newNode(oldNode);
        int count = gather(base, oldNode, node);
        if (count < 0) {
            state.forget(node);
            return;
        }
        measure.measure(node, nodes, count, distances);
        for (int i = 0; i < count; i++) {
            candidates[i] = Beam.key(distances[i], nodes[i]);
        }
        Arrays.sort(candidates, 0, count);
        neighbors.choose(candidates, count);
        place(node);
    }

    /** All candidates, each once; -1 where no neighbour is lost. */
    private int gather(JoinBase base, int oldNode, int node) {
        int count = 0;
        boolean hasLost = false;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int neighbor = base.neighbor(oldNode, slot);
            boolean isLost = neighbor != GraphLayout.NONE && base.newNode(neighbor) == GraphLayout.NONE;
            hasLost |= isLost;
            count = isLost ? gatherBehind(base, neighbor, node, count) : add(base, neighbor, node, count);
        }
        return hasLost ? withoutDoubles(count) : -1;
    }

    private int gatherBehind(JoinBase base, int lost, int node, int from) {
        int count = from;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            count = add(base, base.neighbor(lost, slot), node, count);
        }
        return count;
    }

    private int add(JoinBase base, int oldNode, int node, int count) {
        int candidate = oldNode == GraphLayout.NONE ? GraphLayout.NONE : base.newNode(oldNode);
        if (candidate == GraphLayout.NONE || candidate == node) {
            return count;
        }
        nodes[count] = candidate;
        return count + 1;
    }

    private int withoutDoubles(int count) {
        Arrays.sort(nodes, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || nodes[i] != nodes[i - 1]) {
                nodes[distinct++] = nodes[i];
            }
        }
        return distinct;
    }

    /** Gives each chosen neighbour a slot, its own where it has one; no slot is free before one that is not. */
    private void place(int node) {
        int count = neighbors.count();
        Arrays.fill(slotOf, 0, count, GraphLayout.NONE);
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            kept[slot] = slot < count ? chosen(layout.neighbor(image, node, slot)) : GraphLayout.NONE;
            if (kept[slot] >= 0) {
                slotOf[kept[slot]] = slot;
            }
        }
        int strict = 0;
        int free = 0;
        for (int i = 0; i < count; i++) {
            if (slotOf[i] < 0) {
                while (kept[free] >= 0) {
                    free++;
                }
                slotOf[i] = free++;
                write(node, i);
            }
            strict |= i < neighbors.strictCount() ? 1 << slotOf[i] : 0;
            state.setDistance(node, slotOf[i], neighbors.distance(i));
        }
        state.setStrict(node, strict);
        clear(node, count);
    }

    private void write(int node, int i) {
        encoder.writeSlot(node, slotOf[i], neighbors.node(i));
        if (i < neighbors.strictCount()) {
            if (newEdgeCount == newEdges.length) {
                newEdges = Arrays.copyOf(newEdges, 2 * newEdgeCount);
            }
            newEdges[newEdgeCount++] = (long) neighbors.node(i) << 32 | node;
        }
    }

    private void clear(int node, int from) {
        for (int slot = from; slot < GraphLayout.DEGREE; slot++) {
            image.set(GraphLayout.INT, layout.row(node) + layout.idsAt() + 4L * slot, GraphLayout.NONE);
        }
    }

    /** Which of the chosen a neighbour is; negative where it is none. */
    private int chosen(int neighbor) {
        for (int i = 0; i < neighbors.count(); i++) {
            if (neighbors.node(i) == neighbor) {
                return i;
            }
        }
        return GraphLayout.NONE;
    }

    /** Edges that the rule has put into rows: the target in the upper half, the repaired node in the lower. */
    long[] newEdges() {
        return Arrays.copyOf(newEdges, newEdgeCount);
    }
}
