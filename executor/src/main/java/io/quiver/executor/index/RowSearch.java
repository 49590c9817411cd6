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
 */
public record RowSearch(
        float[] query, @Nullable RowSet candidates, IntPredicate isLive, NearestRows hits, BooleanSupplier isStopped) {}
