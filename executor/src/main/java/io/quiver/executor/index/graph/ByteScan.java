package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.ExactRows;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.Shortlist;
import io.quiver.executor.index.code.CodeKernels;
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
 * does to sums is taken off too. Of long rows the head is compared first: {@link RowHeads} says which need no more.
 *
 * <p>Scratch of one thread.
 */
final class ByteScan {
    private static final CodeKernels KERNELS = CodeKernels.best();

    /**
     * Rows between two looks at the clock. Every line of them is touched before the first is used, so that they come
     * from memory side by side.
     */
    private static final int BATCH = 32;

    /** Rows that are computed together. */
    private static final int TURN = 4;

    private static final int LINE_BYTES = 64;
    private static final int HEAD_END = GraphLayout.BYTES_AT + RowHeads.COMPONENTS;

    /** What a sum of squares in single precision, of rotated components, may be wrong by, as a share of it. */
    private static final float PRECISION = 1e-5f;

    /** The same of rows that were brought to one length first, as a share of the square of that. */
    private static final float STRETCH_PRECISION = 2e-6f;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final CodeSpace space;
    private final RowNodes nodes;
    private final @Nullable RowHeads heads;
    private final ExactRows exact;
    private final float halfDiagonal;
    private final float stretched;
    private final float[] query;
    private final int[] rows = new int[BATCH + TURN];
    private final long[] places = new long[BATCH + TURN];
    private final float[] dots = new float[TURN];
    private final float[] headSquares = new float[TURN];
    private final float[] totals = new float[3];
    private final float[] head = new float[RowHeads.COMPONENTS];
    private final float[] headTotals = new float[3];
    private long touched;

    /** @param heads {@code null} where rows are so short that they are compared at once */
    ByteScan(
            MemorySegment image,
            GraphLayout layout,
            CodeSpace space,
            EmbeddingRows embeddings,
            RowNodes nodes,
            @Nullable RowHeads heads) {
        this.image = image;
        this.layout = layout;
        this.space = space;
        this.nodes = nodes;
        this.heads = heads;
        this.exact = new ExactRows(space.metric(), embeddings);
        this.halfDiagonal = (float) Math.sqrt(layout.codeDimension()) / 2;
        this.stretched = STRETCH_PRECISION * stretchedTo(space) * stretchedTo(space);
        this.query = new float[layout.codeDimension()];
    }

    private static float stretchedTo(CodeSpace space) {
        return switch (space.metric()) {
            case SQUARED_L2 -> 0;
            case COSINE -> 1;
            case INNER_PRODUCT -> space.lengthMax();
        };
    }

    /** @param search with a filter, and a query with a length */
    void search(RowSearch search) {
        prepare(search.query());
        RowSet candidates = Objects.requireNonNull(search.candidates());
        One one = new One(search);
        int next = 0;
        do {
            next = one.look(candidates, next);
        } while (next >= 0 && !search.isStopped().getAsBoolean());
        one.shortlist.finish();
    }

    private void prepare(float[] asked) {
        space.project(asked, query);
        KERNELS.totals(query, totals);
        if (heads != null) {
            System.arraycopy(query, 0, head, 0, head.length);
            KERNELS.totals(head, headTotals);
        }
    }

    private void touch(int count, int from, int end) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            for (int at = from; at < end; at += LINE_BYTES) {
                bytes += image.get(GraphLayout.LONG, places[i] + at);
            }
        }
        touched += bytes;
    }

    /** Keeps the touches from being seen as useless. */
    long touched() {
        return touched;
    }

    /** What belongs to one search. */
    private final class One {
        private final RowSearch search;
        private final Shortlist shortlist;

        /** By the distances that they have at most. */
        private final NearestRows certain;

        private final float length;

        /** The largest share of a squared distance that a head may have, and the rows that it has been learned of. */
        private float share;

        private int learned;

        One(RowSearch search) {
            this.search = search;
            this.shortlist = new Shortlist(search, exact);
            this.certain = new NearestRows(search.hits().k(), row -> row);
            this.length = (float) Math.sqrt(CodeSpace.square(search.query()));
            this.share = heads == null ? 1 : heads.shareMax();
        }

        /** Looks at rows from {@code from} on; returns where to go on, -1 at the end. */
        int look(RowSet candidates, int from) {
            int count = 0;
            int row = candidates.next(from);
            for (; row >= 0 && count < BATCH; row = candidates.next(row + 1)) {
                int node = nodes.node(row);
                if (node == GraphLayout.NONE) {
                    shortlist.add(Float.NEGATIVE_INFINITY, row);
                } else {
                    rows[count] = row;
                    places[count++] = layout.row(node);
                }
            }
            compare(count);
            return row;
        }

        private void compare(int count) {
            search.work().addEstimates(count);
            RowHeads known = heads;
            float reach = known == null ? Float.POSITIVE_INFINITY : reach();
            if (known == null) {
                compareWhole(count, 0);
            } else if (learned < BATCH || reach == Float.POSITIVE_INFINITY) {
                learn(known, count);
                compareWhole(count, 0);
            } else {
                touch(count, 0, HEAD_END);
                compareWhole(sift(known, count, reach), HEAD_END);
            }
        }

        /**
         * A query unlike the rows differs from all of them by much the same, of which the head may have more than of
         * what rows differ by: some rows are read whole to see that.
         */
        private void learn(RowHeads known, int count) {
            fillUp(count);
            touch(count, 0, GraphLayout.BYTES_AT + layout.codeDimension());
            for (int from = 0; from < count; from += TURN) {
                int some = Math.min(TURN, count - from);
                multiply(from, head);
                for (int i = 0; i < some; i++) {
                    headSquares[i] = headSquare(known, from + i, dots[i]);
                }
                multiply(from, query);
                for (int i = 0; i < some; i++) {
                    float whole = Distance.of(image, places[from + i], dots[i], totals[1], totals[0]);
                    if (whole > rounding(places[from + i])) {
                        share = Math.max(share, RowHeads.ABOVE_LARGEST * headSquares[i] / whole);
                    }
                }
            }
            learned += count;
        }

        /** How far in code space a row may be from the query to be a hit, or as good as one. */
        private float reach() {
            float farthest = Math.min(certain.threshold(), search.hits().threshold());
            return farthest == Float.POSITIVE_INFINITY
                    ? farthest
                    : (float) Math.sqrt(Math.max(0, space.squared(farthest, length)));
        }

        /** Keeps the rows whose heads are near enough, in their order; returns how many. */
        private int sift(RowHeads known, int count, float reach) {
            fillUp(count);
            int kept = 0;
            for (int from = 0; from < count; from += TURN) {
                multiply(from, head);
                for (int i = from; i < Math.min(from + TURN, count); i++) {
                    if (isNear(known, i, dots[i - from], reach)) {
                        rows[kept] = rows[i];
                        places[kept++] = places[i];
                    }
                }
            }
            return kept;
        }

        private boolean isNear(RowHeads known, int i, float dot, float reach) {
            float most = reach + halfDiagonal * image.get(GraphLayout.FLOAT, places[i] + GraphLayout.SCALE_AT);
            float rounding = rounding(places[i]);
            return headSquare(known, i, dot) <= share * (most * most + rounding) + rounding;
        }

        /** Squared distance between the heads of the query and a row. */
        private float headSquare(RowHeads known, int i, float dot) {
            float lower = image.get(GraphLayout.FLOAT, places[i] + GraphLayout.LOWER_AT);
            float scale = image.get(GraphLayout.FLOAT, places[i] + GraphLayout.SCALE_AT);
            return headTotals[1] + known.square(rows[i]) - 2 * (lower * headTotals[0] + scale * dot);
        }

        /** What single precision may do to a squared distance. */
        private float rounding(long place) {
            return stretched + PRECISION * (totals[1] + image.get(GraphLayout.FLOAT, place + GraphLayout.NORM_AT));
        }

        /** @param touched bytes of each row that have been read */
        private void compareWhole(int count, int touched) {
            fillUp(count);
            touch(count, touched, GraphLayout.BYTES_AT + layout.codeDimension());
            for (int from = 0; from < count; from += TURN) {
                multiply(from, query);
                for (int i = from; i < Math.min(from + TURN, count); i++) {
                    judge(rows[i], places[i], dots[i - from]);
                }
            }
        }

        /** Rows are multiplied some at a time: the last ones have company. */
        private void fillUp(int count) {
            for (int i = count; i < count + TURN; i++) {
                places[i] = count == 0 ? 0 : places[count - 1];
            }
        }

        private void multiply(int from, float[] floats) {
            int at = GraphLayout.BYTES_AT;
            KERNELS.dotBytes(
                    image,
                    places[from] + at,
                    places[from + 1] + at,
                    places[from + 2] + at,
                    places[from + 3] + at,
                    floats,
                    dots);
        }

        private void judge(int row, long place, float dot) {
            float norm = totals[1];
            float squared = Math.max(0, Distance.of(image, place, dot, norm, totals[0]));
            float distance = (float) Math.sqrt(squared);
            float error = halfDiagonal * image.get(GraphLayout.FLOAT, place + GraphLayout.SCALE_AT);
            float rounding = rounding(place);
            float least = Math.max(0, distance - error);
            float bound = space.distance(least * least - rounding, length);
            if (bound <= Math.min(certain.threshold(), search.hits().threshold())
                    && search.isLive().test(row)) {
                float most = distance + error;
                certain.offer(row, space.distance(most * most + rounding, length));
                shortlist.add(bound, row);
            }
        }
    }
}
