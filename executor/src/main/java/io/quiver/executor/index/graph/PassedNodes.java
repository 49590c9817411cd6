package io.quiver.executor.index.graph;

import java.util.Arrays;

/**
 * Distances of nodes that a walk among all rows came by and that cannot be hits: those that lie nearer than the last
 * hit wanted so far. Belongs to one thread; reused from query to query.
 */
final class PassedNodes {
    private static final int FIRST = 64;

    private float[] distances = new float[FIRST];
    private int count;

    void clear() {
        count = 0;
    }

    void add(float distance) {
        if (count == distances.length) {
            distances = Arrays.copyOf(distances, 2 * count);
        }
        distances[count++] = distance;
    }

    /** Forgets those that lie no nearer than the last hit does now. */
    void keepNearer(float last) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (distances[i] < last) {
                distances[kept++] = distances[i];
            }
        }
        count = kept;
    }

    int count() {
        return count;
    }
}
