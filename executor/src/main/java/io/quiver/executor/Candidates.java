package io.quiver.executor;

import io.quiver.executor.filter.FilterStoppedException;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * For each part of a view the rows that one filter accepts, {@code null} where all are.
 *
 * @param rows one entry a part, in the order of the view
 */
record Candidates(List<@Nullable RowSet> rows) {
    /** @param stop where it says so while documents are looked at, the segment's rows are left out */
    static Candidates of(Filter filter, CollectionView view, SearchPool pool, BooleanSupplier stop) {
        int count = view.parts().size();
        if (filter instanceof Filter.All) {
            return new Candidates(Collections.nCopies(count, null));
        }
        @Nullable RowSet[] rows = new RowSet[count];
        List<Runnable> shares = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i;
            shares.add(() -> rows[at] = accepted(filter, view.parts().get(at), stop));
        }
        pool.together(shares);
        return new Candidates(Arrays.asList(rows));
    }

    /** How many rows of part {@code i} must be looked at. */
    long count(int i, ViewPart part) {
        RowSet candidates = rows.get(i);
        return candidates == null ? part.rowCount() : candidates.count();
    }

    /** Who stopped it knows that something is missing. */
    private static RowSet accepted(Filter filter, ViewPart part, BooleanSupplier stop) {
        try {
            return part.segment().filters().rows(filter, part.rowCount(), stop);
        } catch (FilterStoppedException _) {
            return RowSet.none(part.rowCount());
        }
    }
}
