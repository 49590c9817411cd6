package io.quiver.executor;

import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.query.Hits;
import java.util.ArrayList;
import java.util.List;

/**
 * The nearest records of several queries with one filter, in one view. Large segments are divided among the search
 * threads; the queries go through each range together, so that a row is fetched once for many of them.
 */
final class NearestSearch {
    /** Floats to compare below which dividing costs more than it brings. */
    private static final long SHARE_FLOATS_MIN = 1 << 20;
    /** Hits that all ranges of one pass may hold at a time; more queries than fit take several passes. */
    private static final long HELD_HITS_MAX = 4 << 20;

    private final CollectionView view;
    private final Candidates candidates;
    private final SearchPool pool;
    private final SearchCounters counters;

    NearestSearch(CollectionView view, Candidates candidates, SearchPool pool, SearchCounters counters) {
        this.view = view;
        this.candidates = candidates;
        this.pool = pool;
        this.counters = counters;
    }

    List<Hits> answer(List<AskedNearest> asked) {
        List<Hits> answers = new ArrayList<>();
        if (asked.isEmpty()) {
            return answers;
        }
        int atOnce = queriesAtOnce(asked);
        for (int from = 0; from < asked.size(); from += atOnce) {
            answers.addAll(pass(asked.subList(from, Math.min(asked.size(), from + atOnce))));
        }
        return answers;
    }

    private List<Hits> pass(List<AskedNearest> asked) {
        List<RangeSearch> ranges = ranges(asked);
        pool.together(ranges);
        List<Hits> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            AskedNearest query = asked.get(i);
            FoundRows found = NearestMerge.merge(ranges, i, query.k());
            answers.add(found.read(
                    query.query().projection(), view.offset(), query.clock().isPartial()));
        }
        return answers;
    }

    private List<RangeSearch> ranges(List<AskedNearest> asked) {
        List<RangeSearch> ranges = new ArrayList<>();
        for (int i = 0; i < view.parts().size(); i++) {
            ViewPart part = view.parts().get(i);
            long rows = candidates.count(i, part);
            counters.distances.add(rows * asked.size());
            if (rows > 0) {
                for (RowRange range : divide(part, rows * asked.size())) {
                    ranges.add(new RangeSearch(part, range, candidates.rows().get(i), asked));
                }
            }
        }
        return ranges;
    }

    private List<RowRange> divide(ViewPart part, long distances) {
        VectorIndex index = part.segment().index();
        long shares = distances * index.dimension() / SHARE_FLOATS_MIN;
        return index.divide(part.rowCount(), Math.clamp(shares, 1, pool.threadCount()));
    }

    private int queriesAtOnce(List<AskedNearest> asked) {
        int kMax = asked.stream().mapToInt(AskedNearest::k).max().orElse(1);
        long heldByOne = 1;
        for (ViewPart part : view.parts()) {
            heldByOne += (long) pool.threadCount() * Math.min(kMax, part.rowCount());
        }
        return Math.clamp(HELD_HITS_MAX / heldByOne, 1, asked.size());
    }
}
