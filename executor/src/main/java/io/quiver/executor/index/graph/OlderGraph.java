package io.quiver.executor.index.graph;

import java.util.Objects;

/**
 * A graph over rows that are now rows of another segment.
 *
 * @param graph lent for as long as the join takes
 * @param newRows what became of each of its rows: a row of the other segment, or negative where it was dropped; lent
 */
@SuppressWarnings("ArrayRecordComponent") // an entry for every row: lent, not copied, and never compared
public record OlderGraph(GraphIndex graph, int[] newRows) {
    public OlderGraph {
        Objects.requireNonNull(graph);
        if (graph.nodeCount() != newRows.length) {
            throw new IllegalArgumentException(
                    "expected a new row for each of %d nodes, found %d".formatted(graph.nodeCount(), newRows.length));
        }
    }

    /** How many of its rows are left. */
    int liveCount() {
        int count = 0;
        for (int row : newRows) {
            count += row >= 0 ? 1 : 0;
        }
        return count;
    }
}
