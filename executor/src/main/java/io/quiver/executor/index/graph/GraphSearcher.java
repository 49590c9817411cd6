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
    /** Share by which a distance to bytes may differ from the one to floats: three times what is usual with 128 of them. */
    private static final float BYTES_ERROR = 0.02f;

    private final CodeSpace space;
    private final ExactRows exact;
    private final Walk[] walks = new Walk[WALKS];
    private final NearestNodes[] nearest = new NearestNodes[WALKS];
    private int[] rows = new int[0];

    GraphSearcher(MemorySegment image, GraphLayout layout, CodeSpace space, Metric metric, EmbeddingRows rows) {
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
            walks[i].begin(search, nearest[i]);
        }
        while (Walk.together(walks, count, STEPS) && !areStopped(searches)) {}
        for (int i = 0; i < count; i++) {
            finish(walks[i], nearest[i], searches.get(i));
        }
    }

    /** Computes exact distances of the hits, and of others whose bytes may have put them behind by mistake. */
    private void finish(Walk walk, NearestNodes nearest, RowSearch search) {
        int count = collect(walk, nearest);
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
