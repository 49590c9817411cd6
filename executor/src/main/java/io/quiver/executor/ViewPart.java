package io.quiver.executor;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.Tombstones;
import io.quiver.log.record.LogOffset;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one segment that a view shows: the first {@code rowCount}, without those that had ended by
 * {@code offset}.
 *
 * @param isSealed its rows lie in order of insertion
 */
record ViewPart(Segment segment, int rowCount, long offset, boolean isSealed) {
    static ViewPart sealed(Segment segment, LogOffset offset) {
        return new ViewPart(segment, segment.rowCount(), offset.value(), true);
    }

    static ViewPart delta(Segment segment, int rowCount, LogOffset offset) {
        return new ViewPart(segment, rowCount, offset.value(), false);
    }

    /** As of an earlier offset, which the segment can tell; rows of a delta lie in the order of the log. */
    ViewPart at(LogOffset earlier) {
        int from = 0;
        int to = rowCount;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (segment.writtenAt(middle).isAfter(earlier)) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return new ViewPart(segment, from, earlier.value(), isSealed);
    }

    boolean isLive(int row) {
        return segment.tombstones().isLive(row, offset);
    }

    /** As {@link #isLive}, without a look at the marks where there is none. */
    IntPredicate liveness() {
        Tombstones tombstones = segment.tombstones();
        return tombstones.count() == 0 ? row -> true : row -> tombstones.isLive(row, offset);
    }

    /** Live rows among {@code candidates}, {@code null} meaning all. */
    long countLive(@Nullable RowSet candidates) {
        if (segment.tombstones().count() == 0) {
            return candidates == null ? rowCount : candidates.count();
        }
        long count = 0;
        for (int row = next(candidates, 0); row >= 0; row = next(candidates, row + 1)) {
            count++;
        }
        return count;
    }

    /** The first live row from {@code from} on among {@code candidates}, -1 where there is none. */
    int next(@Nullable RowSet candidates, int from) {
        int row = nextCandidate(candidates, from);
        while (row >= 0 && !isLive(row)) {
            row = nextCandidate(candidates, row + 1);
        }
        return row;
    }

    private int nextCandidate(@Nullable RowSet candidates, int from) {
        if (candidates == null) {
            return from < rowCount ? from : -1;
        }
        return candidates.next(from);
    }
}
