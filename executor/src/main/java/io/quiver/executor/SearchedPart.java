package io.quiver.executor;

import io.quiver.executor.index.RowSet;
import org.jspecify.annotations.Nullable;

/**
 * One part of a view as one filter sees it.
 *
 * @param candidates rows that the filter accepts, {@code null} for all
 * @param matches how many these are
 */
record SearchedPart(ViewPart part, @Nullable RowSet candidates, long matches) {}
