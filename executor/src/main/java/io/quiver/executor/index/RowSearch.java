package io.quiver.executor.index;

import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One search within one segment: what is looked for, where, and the hits so far.
 *
 * @param query {@code dimension} floats
 * @param candidates rows that a filter accepts, {@code null} for all
 * @param isLive whether a row is visible in the view; asked only of rows that would become hits
 * @param hits receives the nearest rows
 * @param isStopped asked about every thousand distances; once true, the search returns with what it has
 * @param ef beam width of a graph search, at least the hits wanted; indexes without a beam do not look at it
 */
public record RowSearch(
        float[] query,
        @Nullable RowSet candidates,
        IntPredicate isLive,
        NearestRows hits,
        BooleanSupplier isStopped,
        int ef) {
    /** Beam width where nobody asks for one. */
    public static final int EF_DEFAULT = 100;

    /** A search of the default width, or of as many hits as are wanted where that is more. */
    public RowSearch(
            float[] query,
            @Nullable RowSet candidates,
            IntPredicate isLive,
            NearestRows hits,
            BooleanSupplier isStopped) {
        this(query, candidates, isLive, hits, isStopped, Math.max(EF_DEFAULT, hits.k()));
    }
}
