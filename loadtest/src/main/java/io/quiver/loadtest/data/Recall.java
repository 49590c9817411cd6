package io.quiver.loadtest.data;

/**
 * Share of the true {@code k} nearest that an answer holds. A row at the distance of the farthest true one counts, for
 * among equals none is truer than the other.
 */
public final class Recall {
    private static final float EQUAL = 1e-6f;

    private final DataSet set;
    private long found;
    private long wanted;

    public Recall(DataSet set) {
        this.set = set;
    }

    /** Takes the rows that were found for a query; safe for one thread. */
    public void add(int query, int[] rows, int k) {
        float[] vector = set.queries().copy(query);
        int count = Math.min(k, set.truth()[query].length);
        float farthest = distance(set.truth()[query][count - 1], vector);
        float bound = farthest + Math.abs(farthest) * EQUAL;
        for (int i = 0; i < Math.min(count, rows.length); i++) {
            found += rows[i] >= 0 && distance(rows[i], vector) <= bound ? 1 : 0;
        }
        wanted += count;
    }

    public double value() {
        return wanted == 0 ? 0 : (double) found / wanted;
    }

    private float distance(int row, float[] query) {
        return ExactSearch.distance(set.base(), row, query, set.space());
    }
}
