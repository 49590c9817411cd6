package io.quiver.executor.index;

import java.util.function.IntToLongFunction;

/**
 * The {@code k} nearest rows seen so far, ties by order of insertion: a bounded max-heap of distances and rows.
 *
 * <p>Hits that a search has found elsewhere, in other segments, may hold places from the beginning: then a row is taken
 * where it is nearer than the farthest of all, or as near. Once sorted, only this segment's are left.
 *
 * <p>Belongs to one thread at a time.
 */
public final class NearestRows {
    private static final float[] NONE = {};
    /** In place of a row of another segment. */
    private static final int ELSEWHERE = -1;

    private final float[] distances;
    private final int[] rows;
    private final IntToLongFunction insertion;
    private final float[] elsewhere;
    private int size;

    /** @param insertion position of a row's record in order of insertion, asked only where distances are equal */
    public NearestRows(int k, IntToLongFunction insertion) {
        this(k, insertion, NONE);
    }

    /**
     * Hits beside others.
     *
     * @param elsewhere distances of at most {@code k} hits in other segments, nearest first; not changed
     */
    public NearestRows(int k, IntToLongFunction insertion, float[] elsewhere) {
        this.distances = new float[k];
        this.rows = new int[k];
        this.insertion = insertion;
        this.elsewhere = elsewhere;
        clear();
    }

    public int k() {
        return rows.length;
    }

    /** Hits, those elsewhere among them until this is sorted. */
    public int size() {
        return size;
    }

    /** Distances of the hits elsewhere that this began with, nearest first; to be read only. */
    public float[] elsewhere() {
        return elsewhere;
    }

    /** Whether there are fewer hits than there could be, if {@code matches} rows of this segment can be hits. */
    public boolean lacks(int matches) {
        return size < Math.min(rows.length, (long) elsewhere.length + matches);
    }

    /** A row farther than this cannot become a hit; one at exactly this distance may. */
    public float threshold() {
        return size < rows.length ? Float.POSITIVE_INFINITY : size == 0 ? Float.NEGATIVE_INFINITY : distances[0];
    }

    /** Takes a row, which pushes out the farthest where there are {@code k} already. */
    public void offer(int row, float distance) {
        if (size < rows.length) {
            place(size++, row, distance);
        } else if (size > 0 && isNearer(distance, row, distances[0], rows[0])) {
            sink(row, distance);
        }
    }

    /** Forgets every hit of this segment, sorted or not. */
    public void clear() {
        size = 0;
        for (float distance : elsewhere) {
            place(size++, ELSEWHERE, distance);
        }
    }

    /** Row of hit {@code i} after {@link #sort}, nearest first. */
    public int row(int i) {
        return rows[i];
    }

    public float distance(int i) {
        return distances[i];
    }

    /** Puts the hits of this segment into order, nearest first; nothing may be offered afterwards. */
    public void sort() {
        int count = size;
        while (size > 1) {
            int row = rows[size - 1];
            float distance = distances[size - 1];
            int farthest = rows[0];
            float farthestDistance = distances[0];
            size--;
            sink(row, distance);
            rows[size] = farthest;
            distances[size] = farthestDistance;
        }
        size = count;
        if (elsewhere.length > 0) {
            dropThoseElsewhere();
        }
    }

    private void dropThoseElsewhere() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (rows[i] != ELSEWHERE) {
                rows[kept] = rows[i];
                distances[kept++] = distances[i];
            }
        }
        size = kept;
    }

    private void place(int at, int row, float distance) {
        int child = at;
        while (child > 0) {
            int parent = (child - 1) >>> 1;
            if (!isNearer(distances[parent], rows[parent], distance, row)) {
                break;
            }
            rows[child] = rows[parent];
            distances[child] = distances[parent];
            child = parent;
        }
        rows[child] = row;
        distances[child] = distance;
    }

    private void sink(int row, float distance) {
        int parent = 0;
        for (int child = 1; child < size; child = 2 * parent + 1) {
            int other = child + 1;
            if (other < size && isNearer(distances[child], rows[child], distances[other], rows[other])) {
                child = other;
            }
            if (!isNearer(distance, row, distances[child], rows[child])) {
                break;
            }
            rows[parent] = rows[child];
            distances[parent] = distances[child];
            parent = child;
        }
        rows[parent] = row;
        distances[parent] = distance;
    }

    private boolean isNearer(float distance, int row, float otherDistance, int otherRow) {
        return distance < otherDistance || distance == otherDistance && position(row) < position(otherRow);
    }

    /** One elsewhere counts as the later of two: it gives way here, and whoever merges both puts them in order. */
    private long position(int row) {
        return row == ELSEWHERE ? Long.MAX_VALUE : insertion.applyAsLong(row);
    }
}
