package io.quiver.executor.segment;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.graph.GraphIndex;
import java.util.List;

/** A graph, and the recall that was measured on it. */
record CalibratedIndex(GraphIndex graph, RecallCurve recallCurve) implements VectorIndex {
    @Override
    public Metric metric() {
        return graph.metric();
    }

    @Override
    public int dimension() {
        return graph.dimension();
    }

    @Override
    public List<RowRange> divide(int rowCount, int parts) {
        return graph.divide(rowCount, parts);
    }

    @Override
    public void search(List<RowSearch> searches, RowRange range) {
        graph.search(searches, range);
    }
}
