package io.quiver.executor.index.blocked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How much of what the exact scan finds a search has found. As many hits, with the very distances of the exact scan,
 * are required of each; which rows they are is counted. Rows at the distance of the farthest true hit count as found.
 */
final class Agreement {
    private long found;
    private long wanted;

    /** @param search has been run; its hits are sorted here */
    void add(FlatIndex exact, RowSearch search, int rowCount) {
        NearestRows all = run(exact, search, rowCount);
        Map<Integer, Float> distances = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            distances.put(all.row(i), all.distance(i));
        }
        NearestRows hits = search.hits();
        hits.sort();
        int expected = Math.min(hits.k(), all.size());
        assertEquals(expected, hits.size());
        for (int i = 0; i < expected; i++) {
            assertEquals(distances.get(hits.row(i)), hits.distance(i));
            found += hits.distance(i) <= all.distance(expected - 1) ? 1 : 0;
        }
        assertEquals(expected, distinct(hits));
        wanted += expected;
    }

    private static NearestRows run(FlatIndex exact, RowSearch search, int rowCount) {
        NearestRows all = new NearestRows(rowCount, row -> row);
        RowSearch everything = new RowSearch(search.query(), search.candidates(), search.isLive(), all, () -> false);
        exact.search(List.of(everything), new RowRange(0, rowCount));
        all.sort();
        return all;
    }

    private static long distinct(NearestRows hits) {
        return IntStream.range(0, hits.size()).map(hits::row).distinct().count();
    }

    double recall() {
        return wanted == 0 ? 1 : (double) found / wanted;
    }
}
