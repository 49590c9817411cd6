package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.ExactRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowSearch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Searches a compact image: the beams of the walks are the answer, whose best are rescored by their embeddings. */
final class CompactSearcher extends ImageSearcher {
    /** More are rescored than are wanted: half as many, and these. */
    private static final int RESCORED_MORE = 10;

    private final CodeSpace space;
    private final CompactLayout layout;
    private final ExactRows exact;
    private final CompactWalk[] walks = new CompactWalk[WALKS];
    private int[] rows = new int[0];

    CompactSearcher(MemorySegment image, CompactLayout layout, CodeSpace space, Metric metric, EmbeddingRows rows) {
        this.space = space;
        this.layout = layout;
        this.exact = new ExactRows(metric, rows);
        Arrays.setAll(walks, _ -> new CompactWalk(image, layout));
    }

    @Override
    void searchTogether(List<RowSearch> searches) {
        int count = searches.size();
        for (int i = 0; i < count; i++) {
            RowSearch search = searches.get(i);
            space.project(search.query(), walks[i].query());
            walks[i].begin(search, width(search));
        }
        while (CompactWalk.together(walks, count, STEPS) && !areStopped(searches)) {}
        for (int i = 0; i < count; i++) {
            finish(walks[i], searches.get(i));
        }
    }

    /** At least as wide as what is rescored, for only the beam is. */
    private int width(RowSearch search) {
        return Math.min(Math.max(search.ef(), rescored(search)), layout.nodeCount());
    }

    private static int rescored(RowSearch search) {
        int k = search.hits().k();
        return k + k / 2 + RESCORED_MORE;
    }

    /** Computes exact distances of the best by their codes. */
    private void finish(CompactWalk walk, RowSearch search) {
        int count = collect(walk.beam(), search, rescored(search));
        exact.offer(search.query(), rows, count, search.hits());
        search.work().addDistances(count);
        search.work().addEstimates(walk.scoredCount());
    }

    private int collect(Beam beam, RowSearch search, int wanted) {
        int k = search.hits().k();
        if (rows.length < wanted) {
            rows = new int[wanted];
        }
        int count = 0;
        for (int i = 0; i < beam.size() && count < wanted; i++) {
            int row = (int) beam.key(i);
            if (search.isLive().test(row)) {
                rows[count++] = row;
                if (count == k) {
                    search.work().cameBy(i + 1);
                }
            }
        }
        return count;
    }
}
