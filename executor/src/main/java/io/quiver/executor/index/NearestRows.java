package io.quiver.executor.index;

import java.util.function.IntToLongFunction;

/**
 * The {@code k} nearest rows seen so far, ties by order of insertion: a bounded max-heap of distances and rows. Belongs
 * to one thread at a time.
 */
public final class NearestRows {
    private final float[] distances;
    private final int[] rows;
    private final IntToLongFunction insertion;
    private int size;

    /** @param insertion position of a row's record in order of insertion, asked only where distances are equal */
    public NearestRows(int k, IntToLongFunction insertion) {
        this.distances = new float[k];
        this.rows = new int[k];
        this.insertion = insertion;
    }

    public int k() {
        return rows.length;
    }

    public int size() {
        return size;
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

    /** Forgets every hit, sorted or not. */
    public void clear() {
        size = 0;
    }

    /** Row of hit {@code i} after {@link #sort}, nearest first. */
    public int row(int i) {
        return rows[i];
    }

    public float distance(int i) {
        return distances[i];
    }

    /** Puts the hits into order, nearest first; nothing may be offered afterwards. */
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
        return distance < otherDistance
                || distance == otherDistance && insertion.applyAsLong(row) < insertion.applyAsLong(otherRow);
    }
}
