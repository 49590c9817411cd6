package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.ExactRows;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.Shortlist;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One search after the other among the bytes of accepted rows.
 *
 * <p><b>Bound.</b> In code space a component {@code x} is kept as {@code lower + scale * byte}, which is wrong by half
 * of {@code scale} at most. So of {@code D} components the whole row is at most {@code e = scale * sqrt(D) / 2} away
 * from where its bytes say, and its distance from the query between {@code d - e} and {@code d + e}, where {@code d} is
 * that of the bytes. A row that is farther at least than {@code k} others are at most is no hit. What single precision
 * does to sums is taken off too.
 *
 * <p><b>Long rows.</b> The heads of many rows are compared first ({@link RowHeads}), then the whole of those with the
 * nearest heads, which are the nearest rows for the most part. Of the others few have heads near enough after that.
 *
 * <p>Scratch of one thread.
 */
final class ByteScan {
    /** Rows whose lines are asked of memory at once, and between two looks at the clock. */
    private static final int BATCH = 32;

    /** Rows that are read whole to learn how much of their distances lies in their heads. */
    private static final int LEARNED = 16;

    /** Rows whose heads are compared before any of them is read on: what a core's cache holds of heads. */
    private static final int MANY = 1_024;

    /** Rows with the nearest heads that are read on first, for each hit. */
    private static final int NEAREST = 2;

    private final GraphLayout layout;
    private final CodeSpace space;
    private final RowNodes nodes;
    private final @Nullable RowHeads heads;
    private final ExactRows exact;
    private final ByteQuery query;
    private final int[] rows = new int[MANY];
    private final long[] places = new long[MANY + ByteQuery.TURN];
    private final float[] least = new float[MANY];
    private final int[] nearRows = new int[BATCH];
    private final long[] nearPlaces = new long[BATCH + ByteQuery.TURN];
    private final float[] dots = new float[ByteQuery.TURN];
    private final float[] headDots = new float[ByteQuery.TURN];

    /** @param heads {@code null} where rows are so short that they are compared at once */
    ByteScan(
            MemorySegment image,
            GraphLayout layout,
            CodeSpace space,
            EmbeddingRows embeddings,
            RowNodes nodes,
            @Nullable RowHeads heads) {
        this.layout = layout;
        this.space = space;
        this.nodes = nodes;
        this.heads = heads;
        this.exact = new ExactRows(space.metric(), embeddings);
        this.query = new ByteQuery(image, layout, space);
    }

    /** @param search with a filter, and a query with a length */
    void search(RowSearch search) {
        query.ask(search.query());
        One one = new One(search);
        if (heads == null) {
            one.searchWhole();
        } else {
            one.searchByHeads(heads);
        }
        one.shortlist.finish();
    }

    /** Keeps the touches from being seen as useless. */
    long touched() {
        return query.touched();
    }

    /** Rows are multiplied some at a time: the last ones have company. */
    private static void fillUp(long[] places, int count) {
        for (int i = count; i < count + ByteQuery.TURN; i++) {
            places[i] = count == 0 ? 0 : places[count - 1];
        }
    }

    /** What belongs to one search. */
    private final class One {
        private final RowSearch search;
        private final RowSet candidates;
        private final Shortlist shortlist;

        /** By the distances that they have at most. */
        private final NearestRows certain;

        private final float length;

        /** Rows that have been taken from the candidates, and the first candidate that has not; -1 at the end. */
        private int count;

        private int next;

        One(RowSearch search) {
            this.search = search;
            this.candidates = Objects.requireNonNull(search.candidates());
            this.shortlist = new Shortlist(search, exact);
            this.certain = new NearestRows(search.hits().k(), row -> row);
            this.length = (float) Math.sqrt(CodeSpace.square(search.query()));
        }

        private boolean goesOn() {
            return next >= 0 && !search.isStopped().getAsBoolean();
        }

        void searchWhole() {
            do {
                take(BATCH);
                query.touch(places, 0, count);
                compare(rows, places, count);
            } while (goesOn());
        }

        void searchByHeads(RowHeads known) {
            take(LEARNED);
            query.touch(places, 0, count);
            compare(rows, places, count);
            float share = share(known);
            while (goesOn()) {
                take(MANY);
                compareHeads(known, share);
                float nearest = farthestOfNearest();
                compareBetween(Float.NEGATIVE_INFINITY, nearest);
                compareBetween(nearest, Float.POSITIVE_INFINITY);
            }
        }

        /** Takes the next candidates. */
        private void take(int most) {
            count = 0;
            int row = candidates.next(next);
            for (; row >= 0 && count < most; row = candidates.next(row + 1)) {
                int node = nodes.node(row);
                if (node == GraphLayout.NONE) {
                    shortlist.add(Float.NEGATIVE_INFINITY, row);
                } else {
                    rows[count] = row;
                    places[count++] = layout.row(node);
                }
            }
            next = row;
            fillUp(places, count);
            search.work().addEstimates(count);
        }

        /**
         * The largest share of a squared distance that a head may have. A query unlike the rows differs from all of
         * them by much the same, of which the head may have more than of what rows differ by: the first rows, which
         * have been read whole, say so.
         */
        private float share(RowHeads known) {
            float share = known.shareMax();
            for (int from = 0; from < count; from += ByteQuery.TURN) {
                query.multiplyHeads(places, from, headDots);
                query.multiply(places, from, dots);
                for (int i = from; i < Math.min(from + ByteQuery.TURN, count); i++) {
                    float whole = query.squared(places[i], dots[i - from]);
                    if (whole > query.rounding(places[i])) {
                        float head = query.headSquared(places[i], known.square(rows[i]), headDots[i - from]);
                        share = Math.max(share, RowHeads.ABOVE_LARGEST * head / whole);
                    }
                }
            }
            return share;
        }

        /** Learns how far from the query each row is at least, if its head has no larger share than that. */
        private void compareHeads(RowHeads known, float share) {
            for (int from = 0; from < count; from += ByteQuery.TURN) {
                if (from % BATCH == 0) {
                    query.touchHeads(places, from, Math.min(from + BATCH, count));
                }
                query.multiplyHeads(places, from, headDots);
                for (int i = from; i < Math.min(from + ByteQuery.TURN, count); i++) {
                    least[i] = least(
                            places[i], query.headSquared(places[i], known.square(rows[i]), headDots[i - from]), share);
                }
            }
        }

        private float least(long place, float headSquared, float share) {
            float rounding = query.rounding(place);
            float whole = (headSquared - rounding) / share - rounding;
            return (whole > 0 ? (float) Math.sqrt(whole) : 0) - query.error(place);
        }

        /** What the nearest heads say at most. */
        private float farthestOfNearest() {
            NearestRows nearest = new NearestRows(Math.clamp(NEAREST * (long) certain.k(), BATCH, MANY), i -> i);
            for (int i = 0; i < count; i++) {
                nearest.offer(i, least[i]);
            }
            return nearest.threshold();
        }

        /** Compares rows whose heads say more than the one and no more than the other, while they can be hits. */
        private void compareBetween(float above, float most) {
            float reach = Math.min(most, reach());
            int near = 0;
            for (int i = 0; i < count; i++) {
                if (least[i] > above && least[i] <= reach) {
                    nearRows[near] = rows[i];
                    nearPlaces[near++] = places[i];
                }
                if (near == BATCH || i == count - 1) {
                    fillUp(nearPlaces, near);
                    query.touchBehindHeads(nearPlaces, 0, near);
                    compare(nearRows, nearPlaces, near);
                    near = 0;
                    reach = Math.min(most, reach());
                }
            }
        }

        /** How far in code space a row may be from the query to be a hit, or as good as one. */
        private float reach() {
            float farthest = farthest();
            return farthest == Float.POSITIVE_INFINITY
                    ? farthest
                    : (float) Math.sqrt(Math.max(0, space.squared(farthest, length)));
        }

        private float farthest() {
            return Math.min(certain.threshold(), search.hits().threshold());
        }

        private void compare(int[] rows, long[] places, int count) {
            for (int from = 0; from < count; from += ByteQuery.TURN) {
                query.multiply(places, from, dots);
                for (int i = from; i < Math.min(from + ByteQuery.TURN, count); i++) {
                    judge(rows[i], places[i], dots[i - from]);
                }
            }
        }

        private void judge(int row, long place, float dot) {
            float distance = (float) Math.sqrt(Math.max(0, query.squared(place, dot)));
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
    }
}
