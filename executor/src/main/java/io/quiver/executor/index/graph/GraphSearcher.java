package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.ExactRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowSearch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Searches a graph of rows: the walks find hits, whose exact distances are computed at the end. */
final class GraphSearcher extends ImageSearcher {
    /**
     * Share by which a distance to bytes may differ from the one to floats: three times what is usual with 128 of them.
     */
    private static final float BYTES_ERROR = 0.02f;

    private static final float[] NOWHERE = {};

    private final GraphLayout layout;
    private final CodeSpace space;
    private final ExactRows exact;
    private final Walk[] walks = new Walk[WALKS];
    private final NearestNodes[] nearest = new NearestNodes[WALKS];
    private int[] rows = new int[0];

    GraphSearcher(MemorySegment image, GraphLayout layout, CodeSpace space, Metric metric, EmbeddingRows rows) {
        this.layout = layout;
        this.space = space;
        this.exact = new ExactRows(metric, rows);
        Arrays.setAll(walks, _ -> new Walk(image, layout));
        Arrays.setAll(nearest, _ -> new NearestNodes(metric));
    }

    @Override
    void searchTogether(List<RowSearch> searches) {
        int count = searches.size();
        for (int i = 0; i < count; i++) {
            RowSearch search = searches.get(i);
            space.project(search.query(), walks[i].query());
            nearest[i].reset(search, Math.min(search.ef(), layout.nodeCount()), elsewhere(search));
            walks[i].begin(search, nearest[i]);
        }
        while (Walk.together(walks, count, STEPS) && !areStopped(searches)) {}
        for (int i = 0; i < count; i++) {
            finish(walks[i], nearest[i], searches.get(i));
        }
    }

    /**
     * Distances of hits elsewhere in this graph's space; none where there are too few to say how far a walk need look.
     */
    private float[] elsewhere(RowSearch search) {
        float[] distances = search.hits().elsewhere();
        if (distances.length < Math.max(1, search.hits().k())) {
            return NOWHERE;
        }
        float[] squares = new float[distances.length];
        float length = (float) Math.sqrt(CodeSpace.square(search.query()));
        for (int i = 0; i < squares.length; i++) {
            squares[i] = space.squared(distances[i], length);
        }
        return squares;
    }

    /** Computes exact distances of the hits, and of others whose bytes may have put them behind by mistake. */
    private void finish(Walk walk, NearestNodes nearest, RowSearch search) {
        int count = collect(walk, nearest);
        search.work().cameBy(walk.expandedWithin(nearest.lastWanted()));
        exact.offer(search.query(), rows, count, search.hits());
        search.work().addDistances(count + (long) walk.expandedCount());
        search.work().addEstimates((long) GraphLayout.DEGREE * (walk.expandedCount() + walk.entryBlocksSeen()));
    }

    private int collect(Walk walk, NearestNodes nearest) {
        int count = nearest.countWithin(BYTES_ERROR);
        if (rows.length < count) {
            rows = new int[count];
        }
        for (int i = 0; i < count; i++) {
            rows[i] = walk.segmentRow((int) nearest.key(i));
        }
        return count;
    }
}
