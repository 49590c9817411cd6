package io.quiver.executor;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.segment.Segment;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The live rows of several segments in order of insertion: a merge that stays with one segment for as long as it has
 * the oldest row, since segments mostly follow one another. Belongs to one thread, within the life of its view.
 */
public final class RowsInOrder {
    private final PriorityQueue<RowCursor> waiting =
            new PriorityQueue<>(Comparator.comparingLong(RowCursor::insertion));
    private @Nullable RowCursor current;

    /** @param candidates for each part the rows to walk, {@code null} for all */
    RowsInOrder(List<ViewPart> parts, List<@Nullable RowSet> candidates) {
        for (int i = 0; i < parts.size(); i++) {
            RowCursor cursor = RowCursor.over(parts.get(i), candidates.get(i));
            if (cursor.advance()) {
                waiting.add(cursor);
            }
        }
    }

    /** Steps to the next row; {@code false} where there is none. */
    public boolean advance() {
        if (current == null || !current.advance()) {
            current = waiting.poll();
            return current != null;
        }
        RowCursor oldest = waiting.peek();
        if (oldest != null && oldest.insertion() < current.insertion()) {
            waiting.remove();
            waiting.add(current);
            current = oldest;
        }
        return true;
    }

    /** The segment of the row. */
    public Segment segment() {
        return Objects.requireNonNull(current).part.segment();
    }

    public int row() {
        return Objects.requireNonNull(current).row();
    }
}
