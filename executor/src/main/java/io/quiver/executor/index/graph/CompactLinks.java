package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Chooses which neighbours of a graph's node stay: by the rule that the graph was built with, which keeps diverse ones.
 * A graph whose rows score all neighbours at once is filled with others; here each costs a distance, and most may go.
 * Scratch of one thread.
 */
final class CompactLinks {
    /** Nodes with fewer diverse neighbours get others up to so many; more cost distances and find little. */
    private static final int FILLED = 16;

    /**
     * A node that fewer rows of the graph name stays wherever it is named, if there is room: else it might not be
     * found.
     */
    private static final int NAMED_RARELY = 24;

    private final MemorySegment graph;
    private final GraphLayout layout;
    private final Neighbors neighbors;
    private final float[] floats;
    private final long[] candidates = new long[GraphLayout.DEGREE];
    private final int[] nodes = new int[GraphLayout.DEGREE];
    private final int[] named;
    private final int degree;

    /** @param named how many rows of the graph name each node, as {@link #named} counts them; shared */
    CompactLinks(MemorySegment graph, GraphLayout layout, int degree, int[] named) {
        this.named = named;
        this.graph = graph;
        this.layout = layout;
        this.neighbors = new Neighbors(graph, layout);
        this.floats = new float[layout.codeDimension()];
        this.degree = degree;
    }

    static int[] named(MemorySegment graph, GraphLayout layout) {
        int[] named = new int[layout.nodeCount()];
        for (int node = 0; node < named.length; node++) {
            for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
                int neighbor = layout.neighbor(graph, node, slot);
                if (neighbor != GraphLayout.NONE) {
                    named[neighbor]++;
                }
            }
        }
        return named;
    }

    /** Returns how many stay, diverse ones first. */
    int choose(int node) {
        float sum = layout.decode(graph, node, floats);
        float norm = graph.get(GraphLayout.FLOAT, layout.row(node) + GraphLayout.NORM_AT);
        int count = 0;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int neighbor = layout.neighbor(graph, node, slot);
            if (neighbor != GraphLayout.NONE) {
                float distance = Distance.of(graph, layout.row(neighbor), floats, norm, sum);
                candidates[count++] = Beam.key(distance, neighbor);
            }
        }
        Arrays.sort(candidates, 0, count);
        neighbors.choose(candidates, count);
        return Math.min(degree, order(count, neighbors.strictCount()));
    }

    /** Puts diverse neighbours first, then those that fewest rows name; returns how many are worth their distances. */
    private int order(int count, int strictCount) {
        for (int i = 0; i < count; i++) {
            nodes[i] = neighbors.node(i);
            for (int at = i; at > strictCount && named[nodes[at]] < named[nodes[at - 1]]; at--) {
                int other = nodes[at - 1];
                nodes[at - 1] = nodes[at];
                nodes[at] = other;
            }
        }
        int worth = Math.max(strictCount, Math.min(count, FILLED));
        while (worth < count && named[nodes[worth]] < NAMED_RARELY) {
            worth++;
        }
        return worth;
    }

    int node(int i) {
        return nodes[i];
    }
}
