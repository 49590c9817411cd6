package io.quiver.executor;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.segment.Segment;
import java.util.List;
import java.util.PriorityQueue;

/** Merges the hits of one query from many segments and ranges of them: nearest first, ties by order of insertion. */
final class NearestMerge {
    private final PriorityQueue<Cursor> cursors = new PriorityQueue<>();

    private NearestMerge(List<SegmentHits> all) {
        for (SegmentHits hits : all) {
            Cursor cursor = new Cursor(hits);
            if (cursor.advance()) {
                cursors.add(cursor);
            }
        }
    }

    static FoundRows merge(List<SegmentHits> all, int k) {
        return new NearestMerge(all).first(k);
    }

    private FoundRows first(int k) {
        FoundRows found = new FoundRows();
        while (found.size() < k && !cursors.isEmpty()) {
            Cursor nearest = cursors.remove();
            found.add(nearest.segment, nearest.row(), nearest.distance);
            if (nearest.advance()) {
                cursors.add(nearest);
            }
        }
        return found;
    }

    private static final class Cursor implements Comparable<Cursor> {
        private final Segment segment;
        private final NearestRows hits;
        private int at = -1;
        private float distance;

        Cursor(SegmentHits found) {
            this.segment = found.segment();
            this.hits = found.hits();
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
            return segment.insertion(row());
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
