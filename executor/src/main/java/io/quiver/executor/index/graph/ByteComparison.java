package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.ExactRows;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Shortlist;
import java.lang.foreign.MemorySegment;

/**
 * Compares the bytes of rows with the query of a search, and keeps those that may be hits.
 *
 * <p><b>Bound.</b> In code space a component {@code x} is kept as {@code lower + scale * byte}, which is wrong by half
 * of {@code scale} at most. So of {@code D} components the whole row is at most {@code e = scale * sqrt(D) / 2} away
 * from where its bytes say, and its distance from the query between {@code d - e} and {@code d + e}, where {@code d} is
 * that of the bytes. A row that is farther at least than {@code k} others are at most is no hit. What single precision
 * does to sums is taken off too.
 *
 * <p>Scratch of one thread: one search after the other.
 */
final class ByteComparison {
    /** Rows whose lines are asked of memory at once, and between two looks at the clock. */
    static final int BATCH = 32;

    private final GraphLayout layout;
    private final CodeSpace space;
    private final RowNodes nodes;
    private final ExactRows exact;
    private final ByteQuery query;
    private final int[] told = new int[BATCH];
    private final long[] places = new long[BATCH + ByteQuery.TURN];
    private final float[] squares = new float[BATCH];
    private final float[] dots = new float[ByteQuery.TURN];

    ByteComparison(MemorySegment image, GraphLayout layout, CodeSpace space, EmbeddingRows embeddings, RowNodes nodes) {
        this.layout = layout;
        this.space = space;
        this.nodes = nodes;
        this.exact = new ExactRows(space.metric(), embeddings);
        this.query = new ByteQuery(image, layout, space);
    }

    /** @param search its query has a length */
    Session begin(RowSearch search) {
        query.ask(search.query());
        return new Session(search);
    }

    /** The query of the search that was begun last. */
    ByteQuery query() {
        return query;
    }

    /** What belongs to one search. */
    final class Session {
        private final RowSearch search;
        private final Shortlist shortlist;

        /** By the distances that they have at most. */
        private final NearestRows certain;

        private final float length;
        private int count;

        private Session(RowSearch search) {
            this.search = search;
            this.shortlist = new Shortlist(search, exact);
            this.certain = new NearestRows(search.hits().k(), row -> row);
            this.length = (float) Math.sqrt(CodeSpace.square(search.query()));
        }

        boolean isStopped() {
            return search.isStopped().getAsBoolean();
        }

        /** Compares the first so many rows, {@value #BATCH} at most. */
        void compare(int[] rows, int rowCount) {
            count = 0;
            for (int i = 0; i < rowCount; i++) {
                int node = nodes.node(rows[i]);
                if (node == GraphLayout.NONE) {
                    shortlist.add(Float.NEGATIVE_INFINITY, rows[i]);
                } else {
                    told[count] = rows[i];
                    places[count++] = layout.row(node);
                }
            }
            fillUp();
            query.touch(places, 0, count);
            for (int from = 0; from < count; from += ByteQuery.TURN) {
                query.multiply(places, from, dots);
                for (int i = from; i < Math.min(from + ByteQuery.TURN, count); i++) {
                    squares[i] = query.squared(places[i], dots[i - from]);
                    judge(told[i], places[i], squares[i]);
                }
            }
        }

        /** Rows are multiplied some at a time: the last ones have company. */
        private void fillUp() {
            for (int i = count; i < count + ByteQuery.TURN; i++) {
                places[i] = count == 0 ? 0 : places[count - 1];
            }
        }

        private void judge(int row, long place, float squared) {
            float distance = (float) Math.sqrt(Math.max(0, squared));
            float error = query.error(place);
            float rounding = query.rounding(place);
            float least = Math.max(0, distance - error);
            float bound = space.distance(least * least - rounding, length);
            if (bound <= farthest() && search.isLive().test(row)) {
                float most = distance + error;
                certain.offer(row, space.distance(most * most + rounding, length));
                shortlist.add(bound, row);
            }
        }

        private float farthest() {
            return Math.min(certain.threshold(), search.hits().threshold());
        }

        /** How far in code space a row may be from the query to be a hit, or as good as one. */
        float reach() {
            float farthest = farthest();
            return farthest == Float.POSITIVE_INFINITY
                    ? farthest
                    : (float) Math.sqrt(Math.max(0, space.squared(farthest, length)));
        }

        /** Of the rows compared last, those whose bytes tell how far they are. */
        int toldCount() {
            return count;
        }

        int told(int i) {
            return told[i];
        }

        /** Squared distance of such a row's bytes. */
        float squared(int i) {
            return squares[i];
        }

        /** Computes what is left. */
        void finish() {
            shortlist.finish();
        }
    }
}
