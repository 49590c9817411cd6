package io.quiver.executor;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import java.util.List;

/** Answers that walk over rows and compute no distance: scans and counts. */
final class Walks {
    /** Rows between two looks at the clock. */
    private static final int CLOCK_ROWS = 1024;

    private Walks() {}

    static Hits scan(CollectionView view, Candidates candidates, Query.Scan query, QueryClock clock) {
        FoundRows found = new FoundRows();
        boolean isPastEnd = query.skip() >= view.liveCount();
        if (query.limit() > 0 && !isPastEnd) {
            walk(new RowsInOrder(view.parts(), candidates.rows()), query, found, clock);
        }
        return found.read(query.projection(), view.offset(), clock);
    }

    private static void walk(RowsInOrder rows, Query.Scan query, FoundRows found, QueryClock clock) {
        long seen = 0;
        while (found.size() < query.limit() && rows.advance()) {
            if (seen % CLOCK_ROWS == 0 && clock.getAsBoolean()) {
                return;
            }
            if (seen++ >= query.skip()) {
                found.add(rows.segment(), rows.row());
            }
        }
    }

    static Hits count(CollectionView view, Candidates candidates, Filter filter, QueryClock clock) {
        if (filter instanceof Filter.All) {
            return Hits.counted(view.offset(), view.liveCount());
        }
        long total = 0;
        for (int i = 0; i < view.parts().size() && !clock.getAsBoolean(); i++) {
            total += view.parts().get(i).countLive(candidates.rows().get(i));
        }
        return new Hits(view.offset(), total, clock.isPartial(), List.of(), null, null, null, null, null);
    }
}
