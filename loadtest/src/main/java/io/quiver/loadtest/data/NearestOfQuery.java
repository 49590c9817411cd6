package io.quiver.loadtest.data;

import io.quiver.log.catalog.Space;
import java.util.Arrays;

/** The nearest rows that one query has seen so far, nearest first; ties go to the row seen first. */
final class NearestOfQuery {
    private final Vectors base;
    private final float[] query;
    private final Space space;
    private final float[] distances;
    private final int[] rows;
    private int size;

    NearestOfQuery(Vectors base, float[] query, Space space, int k) {
        this.base = base;
        this.query = query;
        this.space = space;
        this.distances = new float[Math.min(k, base.count())];
        this.rows = new int[distances.length];
    }

    void lookAt(int[] block) {
        for (int row : block) {
            insert(row, ExactSearch.distance(base, row, query, space));
        }
    }

    int[] rows() {
        return Arrays.copyOf(rows, size);
    }

    private void insert(int row, float distance) {
        if (size == rows.length && !(size > 0 && distance < distances[size - 1])) {
            return;
        }
        int at = size < rows.length ? size++ : size - 1;
        for (; at > 0 && distance < distances[at - 1]; at--) {
            distances[at] = distances[at - 1];
            rows[at] = rows[at - 1];
        }
        distances[at] = distance;
        rows[at] = row;
    }
}
