package io.quiver.executor;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.VectorIndex;
import org.jspecify.annotations.Nullable;

/**
 * One part of a view as one filter sees it.
 *
 * @param index what the segment is searched with from beginning to end, though it may go over to a graph meanwhile
 * @param candidates rows that the filter accepts, {@code null} for all
 * @param matches how many these are
 */
record SearchedPart(
        ViewPart part, VectorIndex index, @Nullable RowSet candidates, long matches) {
    SearchedPart(ViewPart part, @Nullable RowSet candidates, long matches) {
        this(part, part.segment().index(), candidates, matches);
    }
}
