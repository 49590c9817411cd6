package io.quiver.executor;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.segment.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Several queries against one range of rows: one share of a search. Run once, then read. */
final class RangeSearch implements Runnable {
    private final ViewPart part;
    private final RowRange range;
    private final List<AskedNearest> asked;
    private final List<NearestRows> hits = new ArrayList<>();
    private final @Nullable RowSet candidates;

    RangeSearch(ViewPart part, RowRange range, @Nullable RowSet candidates, List<AskedNearest> asked) {
        this.part = part;
        this.range = range;
        this.candidates = candidates;
        this.asked = asked;
    }

    /** Searches for those whose time has not run out, all together. */
    @Override
    public void run() {
        IntPredicate isLive = part.liveness();
        List<RowSearch> searches = new ArrayList<>();
        for (AskedNearest query : asked) {
            NearestRows nearest = new NearestRows(Math.min(query.k(), range.count()), part.segment()::insertion);
            hits.add(nearest);
            if (!query.clock().getAsBoolean()) {
                searches.add(new RowSearch(query.values(), candidates, isLive, nearest, query.clock()));
            }
        }
        if (!searches.isEmpty()) {
            part.segment().index().search(searches, range);
        }
        hits.forEach(NearestRows::sort);
    }

    Segment segment() {
        return part.segment();
    }

    /** The hits of query {@code i}, nearest first. */
    NearestRows hits(int i) {
        return hits.get(i);
    }
}
