package io.quiver.executor;

import io.quiver.executor.index.NearestRows;
import java.util.List;
import java.util.PriorityQueue;

/** Merges the hits of one query from many ranges: nearest first, ties by order of insertion. */
final class NearestMerge {
    private final PriorityQueue<Cursor> cursors = new PriorityQueue<>();

    private NearestMerge(List<RangeSearch> ranges, int query) {
        for (RangeSearch range : ranges) {
            if (!range.covers(query)) {
                continue;
            }
            Cursor cursor = new Cursor(range, range.hits(query));
            if (cursor.advance()) {
                cursors.add(cursor);
            }
        }
    }

    static FoundRows merge(List<RangeSearch> ranges, int query, int k) {
        return new NearestMerge(ranges, query).first(k);
    }

    private FoundRows first(int k) {
        FoundRows found = new FoundRows();
        while (found.size() < k && !cursors.isEmpty()) {
            Cursor nearest = cursors.remove();
            found.add(nearest.range.segment(), nearest.row(), nearest.distance);
            if (nearest.advance()) {
                cursors.add(nearest);
            }
        }
        return found;
    }

    private static final class Cursor implements Comparable<Cursor> {
        private final RangeSearch range;
        private final NearestRows hits;
        private int at = -1;
        private float distance;

        Cursor(RangeSearch range, NearestRows hits) {
            this.range = range;
            this.hits = hits;
        }

        boolean advance() {
            if (++at >= hits.size()) {
                return false;
            }
            distance = hits.distance(at);
            return true;
        }

        int row() {
            return hits.row(at);
        }

        private long insertion() {
            return range.segment().insertion(row());
        }

        /** As {@link NearestRows} compares: zeros of both signs are equal. */
        @Override
        public int compareTo(Cursor other) {
            if (distance != other.distance) {
                return distance < other.distance ? -1 : 1;
            }
            return Long.compare(insertion(), other.insertion());
        }
    }
}
