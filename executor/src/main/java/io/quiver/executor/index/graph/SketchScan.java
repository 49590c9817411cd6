package io.quiver.executor.index.graph;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSet;

/**
 * One search after the other among the sketches of accepted rows, which are long ({@link RowSketches}).
 *
 * <p>The sketches of a thousand rows are compared first, then the bytes of those that seem nearest. These are the
 * nearest for the most part, so that of the others hardly any can be a hit after that.
 *
 * <p>Scratch of one thread.
 */
final class SketchScan {
    /** Rows whose sketches are compared before the bytes of any. */
    private static final int MANY = 1_024;

    /** Rows that seem nearest whose bytes are compared at once: so many for each hit, and no fewer than these. */
    private static final int NEAREST = 2;

    private static final int NEAREST_MIN = 16;

    /** Rows whose bytes are compared first, to learn how far off sketches are of what this query asks for. */
    private static final int LEARNED = 16;

    private final SketchQuery query;
    private final ByteQuery byteQuery;
    private final int[] rows = new int[MANY];
    private final float[] least = new float[MANY];
    private final int[] near = new int[ByteComparison.BATCH];

    /** @param byteQuery of the searches that will be begun */
    SketchScan(RowSketches sketches, ByteQuery byteQuery) {
        this.query = new SketchQuery(sketches);
        this.byteQuery = byteQuery;
    }

    long touched() {
        return query.touched();
    }

    /**
     * Compares what may be a hit.
     *
     * @return how many rows it was looked for among
     */
    int scan(ByteComparison.Session session, RowSet candidates, int k) {
        query.ask(byteQuery.inCodeSpace());
        One one = new One(session, k);
        int compared = 0;
        int next = 0;
        int count = candidates.copy(next, rows, LEARNED);
        for (; count > 0 && !session.isStopped(); count = candidates.copy(next, rows, MANY)) {
            next = rows[count - 1] + 1;
            one.compare(count);
            compared += count;
        }
        return compared;
    }

    /** What belongs to one search. */
    private final class One {
        private final ByteComparison.Session session;
        private final int k;

        /** By how many standard deviations a sketch may be off. */
        private float deviations = query.deviations();

        private boolean hasLearnt;

        /** The first of the rows, so many, whose bytes have not been compared. */
        private int left;

        One(ByteComparison.Session session, int k) {
            this.session = session;
            this.k = k;
        }

        void compare(int count) {
            if (hasLearnt) {
                left = count;
                query.compare(rows, left, byteQuery, deviations, least);
                compareWithin(farthestOfNearest());
                compareWithin(Float.POSITIVE_INFINITY);
            } else {
                learn(count);
                hasLearnt = true;
            }
        }

        /**
         * A query unlike the rows differs from all of them by much the same, of which the rotation may have made
         * something that signs say less of: the first rows show it.
         */
        private void learn(int count) {
            session.compare(rows, count);
            for (int i = 0; i < session.toldCount(); i++) {
                float off = query.deviation(session.told(i), session.squared(i));
                deviations = Math.max(deviations, RowSketches.ABOVE_LARGEST * off);
            }
        }

        /** What the sketches that seem nearest say at most. */
        private float farthestOfNearest() {
            NearestRows nearest = new NearestRows(Math.clamp(NEAREST * (long) k, NEAREST_MIN, MANY), i -> i);
            for (int i = 0; i < left; i++) {
                nearest.offer(i, least[i]);
            }
            return nearest.threshold();
        }

        /** Compares the bytes of rows that are no farther at least than that, and may be hits. */
        private void compareWithin(float most) {
            float reach = Math.min(most, session.reach());
            int count = 0;
            int kept = 0;
            for (int i = 0; i < left; i++) {
                if (least[i] > reach) {
                    rows[kept] = rows[i];
                    least[kept++] = least[i];
                } else {
                    near[count++] = rows[i];
                }
                if (count == near.length) {
                    session.compare(near, count);
                    count = 0;
                    reach = Math.min(most, session.reach());
                }
            }
            session.compare(near, count);
            left = kept;
        }
    }
}
