package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Chooses which neighbours of a graph's node stay where there is room for fewer: by the rule that the graph was built with,
 * which keeps diverse ones. Scratch of one thread.
 */
final class CompactLinks {
    private final MemorySegment graph;
    private final GraphLayout layout;
    private final Neighbors neighbors;
    private final float[] floats;
    private final long[] candidates = new long[GraphLayout.DEGREE];
    private final int degree;

    CompactLinks(MemorySegment graph, GraphLayout layout, int degree) {
        this.graph = graph;
        this.layout = layout;
        this.neighbors = new Neighbors(graph, layout);
        this.floats = new float[layout.codeDimension()];
        this.degree = degree;
    }

    /** Returns how many stay. */
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
        return Math.min(degree, count);
    }

    int node(int i) {
        return neighbors.node(i);
    }
}
