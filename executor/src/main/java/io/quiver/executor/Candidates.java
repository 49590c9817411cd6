package io.quiver.executor;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For each part of a view the rows that one filter accepts, {@code null} where all are.
 *
 * @param rows one entry a part, in the order of the view
 */
record Candidates(List<@Nullable RowSet> rows) {
    static Candidates of(Filter filter, CollectionView view, SearchPool pool) {
        int count = view.parts().size();
        if (filter instanceof Filter.All) {
            return new Candidates(Collections.nCopies(count, null));
        }
        @Nullable RowSet[] rows = new RowSet[count];
        List<Runnable> shares = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i;
            shares.add(() -> rows[at] = accepted(filter, view.parts().get(at)));
        }
        pool.together(shares);
        return new Candidates(Arrays.asList(rows));
    }

    /** How many rows of part {@code i} must be looked at. */
    long count(int i, ViewPart part) {
        RowSet candidates = rows.get(i);
        return candidates == null ? part.rowCount() : candidates.count();
    }

    private static RowSet accepted(Filter filter, ViewPart part) {
        return part.segment().filters().rows(filter, part.rowCount());
    }
}
