package io.quiver.executor.index;

import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One search within one segment: what is looked for, where, the hits so far and the work that they took.
 *
 * @param query {@code dimension} floats
 * @param candidates rows that a filter accepts, {@code null} for all
 * @param isLive whether a row is visible in the view; asked only of rows that would become hits
 * @param hits receives the nearest rows
 * @param isStopped asked about every thousand distances; once true, the search returns with what it has
 * @param ef beam width of a graph search, at least the hits wanted, or {@link #EXACT}; indexes without a beam do not
 *     look at it
 * @param work counts what the search does
 * @param share of the rows that are walked over, about how many a filter lets become hits; 1 where candidates say which
 * @param absent a row that graphs are walked as if it were not there, or {@link #NONE}
 */
public record RowSearch(
        float[] query,
        @Nullable RowSet candidates,
        IntPredicate isLive,
        NearestRows hits,
        BooleanSupplier isStopped,
        int ef,
        SearchWork work,
        double share,
        int absent) {
    /** Beam width where nobody asks for one. */
    public static final int EF_DEFAULT = 100;

    /** A beam as wide as the segment: nothing may be missed. */
    public static final int EXACT = Integer.MAX_VALUE;

    /** In place of a row. */
    public static final int NONE = -1;

    public RowSearch {
        ef = Math.max(ef, hits.k());
    }

    public RowSearch(
            float[] query,
            @Nullable RowSet candidates,
            IntPredicate isLive,
            NearestRows hits,
            BooleanSupplier isStopped,
            int ef) {
        this(query, candidates, isLive, hits, isStopped, ef, new SearchWork(), 1, NONE);
    }

    /** A search of the default width. */
    public RowSearch(
            float[] query,
            @Nullable RowSet candidates,
            IntPredicate isLive,
            NearestRows hits,
            BooleanSupplier isStopped) {
        this(query, candidates, isLive, hits, isStopped, EF_DEFAULT);
    }

    public RowSearch withEf(int wider) {
        return new RowSearch(query, candidates, isLive, hits, isStopped, wider, work, share, absent);
    }

    /**
     * The same search without its filter, which {@link #isLive} answers for instead.
     *
     * @param accepted share of the rows that the filter accepts
     */
    public RowSearch filteringHits(double accepted) {
        RowSet rows = candidates;
        if (rows == null) {
            return this;
        }
        IntPredicate visible = row -> rows.contains(row) && isLive.test(row);
        return new RowSearch(query, null, visible, hits, isStopped, ef, work, accepted, absent);
    }

    /** The same search as it would be if a row had never come: it is no hit, and no way leads over it. */
    public RowSearch without(int row) {
        IntPredicate others = other -> other != row && isLive.test(other);
        return new RowSearch(query, candidates, others, hits, isStopped, ef, work, share, row);
    }
}
