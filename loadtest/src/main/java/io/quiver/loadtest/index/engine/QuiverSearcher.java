package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.VectorIndex;
import io.quiver.loadtest.data.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Searches one of Quiver's own indexes through the interface that the server uses, some queries at a time. */
public final class QuiverSearcher implements Searcher {
    static final int BATCH = 64;

    private final Family family;
    private final VectorIndex index;
    private final VectorIndex filtered;
    private final long sizeBytes;
    private final RowRange everything;
    private final float[][] queries;
    private final int batch;
    private final @Nullable RowSet candidates;

    /** @param filtered searches in place of {@code index} where there is a filter */
    QuiverSearcher(Family family, VectorIndex index, VectorIndex filtered, long sizeBytes, Corpus corpus) {
        this(
                family,
                index,
                filtered,
                sizeBytes,
                corpus.count(),
                queries(corpus.set().queries()),
                null);
    }

    private QuiverSearcher(
            Family family,
            VectorIndex index,
            VectorIndex filtered,
            long sizeBytes,
            int rowCount,
            float[][] queries,
            @Nullable RowSet candidates) {
        this.family = family;
        this.index = index;
        this.filtered = filtered;
        this.sizeBytes = sizeBytes;
        this.everything = index.divide(rowCount, 1).getFirst();
        this.queries = queries;
        this.batch = family == Family.QUIVER_BATCH || family == Family.QUIVER_COMPACT_BATCH ? BATCH : 1;
        this.candidates = candidates;
    }

    /** The same search among the rows of a filter. */
    public QuiverSearcher within(RowSet accepted) {
        return new QuiverSearcher(family, filtered, filtered, sizeBytes, everything.count(), queries, accepted);
    }

    /** The same search with other queries. */
    public QuiverSearcher asking(Vectors others) {
        return new QuiverSearcher(family, index, filtered, sizeBytes, everything.count(), queries(others), candidates);
    }

    @Override
    public String name() {
        return family.title();
    }

    @Override
    public Family family() {
        return family;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public boolean hasWidths() {
        return family != Family.EXACT;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void search(int from, int to, int ef, int[][] found) {
        for (int begin = from; begin < to; begin += batch) {
            List<RowSearch> searches = searches(begin, Math.min(to, begin + batch), ef);
            index.search(searches, everything);
            for (int i = 0; i < searches.size(); i++) {
                found[begin + i] = rows(searches.get(i).hits());
            }
        }
    }

    private List<RowSearch> searches(int from, int to, int ef) {
        List<RowSearch> searches = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            NearestRows hits = new NearestRows(K, row -> row);
            searches.add(new RowSearch(queries[i], candidates, _ -> true, hits, () -> false, ef));
        }
        return searches;
    }

    private static int[] rows(NearestRows hits) {
        hits.sort();
        int[] rows = new int[hits.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = hits.row(i);
        }
        return rows;
    }

    private static float[][] queries(Vectors vectors) {
        float[][] queries = new float[vectors.count()][];
        for (int i = 0; i < queries.length; i++) {
            queries[i] = vectors.copy(i);
        }
        return queries;
    }
}
