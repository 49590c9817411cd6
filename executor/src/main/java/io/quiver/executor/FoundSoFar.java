package io.quiver.executor;

import io.quiver.executor.index.NearestRows;

/**
 * How near the {@code k} nearest rows are that the shares of one search have found so far: what a share that comes
 * later has to do better. Safe on every thread; holds {@code k} floats.
 */
final class FoundSoFar {
    private final int k;
    private float[] distances = {};

    FoundSoFar(int k) {
        this.k = k;
    }

    /** Nearest first, at most {@code k}; not changed afterwards. */
    synchronized float[] distances() {
        return distances;
    }

    /** @param found what a share has found, sorted */
    synchronized void add(NearestRows found) {
        int count = Math.min(k, distances.length + found.size());
        float[] merged = new float[count];
        for (int i = 0, before = 0, now = 0; i < count; i++) {
            boolean isBefore =
                    now == found.size() || before < distances.length && distances[before] <= found.distance(now);
            merged[i] = isBefore ? distances[before++] : found.distance(now++);
        }
        distances = merged;
    }
}
