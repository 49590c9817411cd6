package io.quiver.executor.index;

import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * Rows that may be among the nearest, by lower bounds of their distances, until their distances are computed.
 *
 * <p>A row is computed late: by then the distance of the farthest hit has come down, and most rows need not be computed
 * at all. Only when the list is full, a part of it is: the rows with the lowest bounds, which bring that distance down
 * fastest. Scratch of one search.
 */
public final class Shortlist {
    private static final int CAPACITY_FIRST = 1_024;

    /** Rows that are computed at most before the distance of the farthest hit is looked at again. */
    private static final int BATCH = 32;

    private static final int BATCH_MIN = 8;

    /** Rows that are computed at first, more than are wanted: good bounds leave no others. */
    private static final int MORE = 2;

    /** The share of a full list that is computed at once. */
    private static final int PART = 8;

    private final NearestRows hits;
    private final BooleanSupplier isStopped;
    private final Exact exact;
    private final int[] batch;
    private long[] keys = new long[CAPACITY_FIRST];
    private int size;

    /** Computes distances. */
    @FunctionalInterface
    public interface Exact {
        /** Computes the first {@code count} of these rows, and offers those that are visible to the hits. */
        void offer(int[] rows, int count);
    }

    /**
     * Of one search.
     *
     * @param rows scratch of the same thread
     */
    public Shortlist(RowSearch search, ExactRows rows) {
        this(search.hits(), search.isStopped(), rows.query(search)::offer);
    }

    /**
     * Of any search.
     *
     * @param isStopped once true, only a few rows are computed
     * @param exact offers rows to the hits
     */
    public Shortlist(NearestRows hits, BooleanSupplier isStopped, Exact exact) {
        this.hits = hits;
        this.isStopped = isStopped;
        this.exact = exact;
        this.batch = new int[Math.clamp(hits.k() + MORE, BATCH_MIN, BATCH)];
    }

    /**
     * Takes a row.
     *
     * @param bound no greater than its distance
     */
    public void add(float bound, int row) {
        if (size == keys.length) {
            shorten();
        }
        keys[size++] = (long) ascending(Float.floatToRawIntBits(bound)) << 32 | row;
    }

    /** Order of ints is then order of floats. The same again gives back the bits. */
    private static int ascending(int bits) {
        return bits ^ bits >> 31 & Integer.MAX_VALUE;
    }

    private void shorten() {
        compute(keys.length / PART);
        if (size > keys.length / 2) {
            keys = Arrays.copyOf(keys, 2 * keys.length);
        }
    }

    /** Computes the rows that are left, nearest bounds first, until no other can become a hit. */
    public void finish() {
        if (size > BATCH && isStopped.getAsBoolean()) {
            retainNearest();
        }
        compute(size);
    }

    /** A search that is stopped computes one batch: to find that, the others need no order. */
    private void retainNearest() {
        Arrays.sort(keys, 0, BATCH);
        for (int i = BATCH; i < size; i++) {
            long key = keys[i];
            if (key < keys[BATCH - 1]) {
                int place = -Arrays.binarySearch(keys, 0, BATCH, key) - 1;
                System.arraycopy(keys, place, keys, place + 1, BATCH - 1 - place);
                keys[place] = key;
            }
        }
        size = BATCH;
    }

    /** Computes at least one batch, so that even a search that is stopped has something. */
    private void compute(int countMax) {
        Arrays.sort(keys, 0, size);
        int end = withinReach(size);
        int done = 0;
        while (done < Math.min(end, countMax)) {
            int count = Math.min(batch.length, end - done);
            offer(done, count);
            done += count;
            end = isStopped.getAsBoolean() ? done : withinReach(end);
        }
        size = Math.max(0, end - done);
        System.arraycopy(keys, done, keys, 0, size);
    }

    private void offer(int from, int count) {
        for (int i = 0; i < count; i++) {
            batch[i] = (int) keys[from + i];
        }
        exact.offer(batch, count);
    }

    /** How many of the first keys, which are sorted, are no farther than the farthest hit may be. */
    private int withinReach(int count) {
        int threshold = ascending(Float.floatToRawIntBits(hits.threshold()));
        int end = count;
        while (end > 0 && (int) (keys[end - 1] >> 32) > threshold) {
            end--;
        }
        return end;
    }
}
