package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.ExactRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Scratch of one thread that searches one graph: a few walks that take turns, and what rescores their findings. */
final class GraphSearcher {
    /** Walks that take turns. */
    static final int WALKS = 4;

    /** Steps between two looks at the clock. */
    private static final int STEPS = 64;

    private final CodeSpace space;
    private final GraphLayout layout;
    private final ExactRows exact;
    private final Walk[] walks = new Walk[WALKS];
    private long[] best = new long[0];
    private int[] rows = new int[0];

    GraphSearcher(MemorySegment image, GraphLayout layout, CodeSpace space, Metric metric, EmbeddingRows rows) {
        this.space = space;
        this.layout = layout;
        this.exact = new ExactRows(metric, rows);
        Arrays.setAll(walks, _ -> new Walk(image, layout));
    }

    void search(List<RowSearch> searches) {
        for (int from = 0; from < searches.size(); from += WALKS) {
            searchTogether(searches.subList(from, Math.min(searches.size(), from + WALKS)));
        }
    }

    private void searchTogether(List<RowSearch> searches) {
        int count = searches.size();
        for (int i = 0; i < count; i++) {
            RowSearch search = searches.get(i);
            space.project(search.query(), walks[i].query());
            walks[i].begin(Math.min(search.ef(), layout.nodeCount()), layout.entryBlocks(), search.candidates());
        }
        while (Walk.together(walks, count, STEPS) && !areStopped(searches)) {}
        for (int i = 0; i < count; i++) {
            finish(walks[i], searches.get(i));
        }
    }

    static boolean areStopped(List<RowSearch> searches) {
        for (RowSearch search : searches) {
            if (!search.isStopped().getAsBoolean()) {
                return false;
            }
        }
        return true;
    }

    /** Computes exact distances of the best, a few more than are wanted, for the bytes may have changed their order. */
    private void finish(Walk walk, RowSearch search) {
        int count = collect(walk, search, search.hits().k() + 4 + search.hits().k() / 8);
        for (int i = 0; i < count; i++) {
            rows[i] = walk.segmentRow((int) best[i]);
        }
        exact.offer(search.query(), rows, count, search.hits());
        search.work().addDistances(count + (long) walk.expandedCount());
        search.work().addEstimates((long) GraphLayout.DEGREE * (walk.expandedCount() + walk.entryBlocksSeen()));
    }

    /** The nearest of what was expanded, as far as it may become a hit. */
    private int collect(Walk walk, RowSearch search, int wanted) {
        int limit = Math.min(wanted, walk.expandedCount());
        if (best.length < limit) {
            best = new long[limit];
            rows = new int[limit];
        }
        long[] expanded = walk.expanded();
        int count = 0;
        for (int i = 0; i < walk.expandedCount(); i++) {
            if ((count < limit || expanded[i] < best[count - 1]) && isHit(search, walk.segmentRow((int) expanded[i]))) {
                count = place(expanded[i], count, limit);
            }
        }
        return count;
    }

    private static boolean isHit(RowSearch search, int row) {
        RowSet candidates = search.candidates();
        return (candidates == null || candidates.contains(row))
                && search.isLive().test(row);
    }

    /** Puts a key into its place among the best, which pushes out the last where all places are taken. */
    private int place(long key, int count, int limit) {
        int at = Arrays.binarySearch(best, 0, count, key);
        int into = at < 0 ? -at - 1 : at;
        int last = Math.min(count, limit - 1);
        System.arraycopy(best, into, best, into + 1, last - into);
        best[into] = key;
        return Math.min(count + 1, limit);
    }
}
