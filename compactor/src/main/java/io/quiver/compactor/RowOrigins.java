package io.quiver.compactor;

import io.quiver.executor.HeldSegments;
import io.quiver.executor.index.graph.OlderGraph;
import io.quiver.executor.segment.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers what became of each row of segments that have graphs, so that a new graph can be made of theirs. For one
 * thread.
 */
final class RowOrigins {
    private static final int DROPPED = -1;

    /** In the order of the sources, for the choice among equals must not be left to chance. */
    private final Map<Segment, int[]> newRows = new LinkedHashMap<>();

    RowOrigins(HeldSegments held) {
        for (Segment source : held.segments()) {
            if (source.hasGraph()) {
                int[] rows = new int[source.rowCount()];
                Arrays.fill(rows, DROPPED);
                newRows.put(source, rows);
            }
        }
    }

    void wrote(Segment source, int row, int newRow) {
        int[] rows = newRows.get(source);
        if (rows != null) {
            rows[row] = newRow;
        }
    }

    /** The graphs that can be read; blocks while they are. Lent for as long as the sources are held. */
    List<OlderGraph> graphs() {
        List<OlderGraph> graphs = new ArrayList<>();
        newRows.forEach(
                (source, rows) -> source.wholeGraph().ifPresent(graph -> graphs.add(new OlderGraph(graph, rows))));
        return graphs;
    }
}
