package io.quiver.executor.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestRowsTest {
    private static final int TRIALS = 2_000;

    @Test
    void keepsWhatSortingWouldPutFirst() {
        Random random = Seeds.random("keepsWhatSortingWouldPutFirst");
        for (int trial = 0; trial < TRIALS; trial++) {
            int count = random.nextInt(60);
            float[] distances = new float[count];
            long[] insertions = random.longs(count, 0, 1_000).toArray();
            for (int row = 0; row < count; row++) {
                distances[row] = random.nextInt(8);
                insertions[row] = insertions[row] << 20 | row;
            }
            NearestRows hits = new NearestRows(random.nextInt(20), row -> insertions[row]);
            for (int row = 0; row < count; row++) {
                if (distances[row] <= hits.threshold()) {
                    hits.offer(row, distances[row]);
                }
            }
            hits.sort();
            assertEquals(sorted(distances, insertions, hits.k()), rows(hits));
            for (int i = 0; i < hits.size(); i++) {
                assertEquals(distances[hits.row(i)], hits.distance(i));
            }
        }
    }

    @Test
    void acceptsNothingWhereNothingIsWanted() {
        NearestRows none = new NearestRows(0, row -> row);
        assertEquals(Float.NEGATIVE_INFINITY, none.threshold());
        none.offer(1, 0f);
        none.sort();
        assertEquals(0, none.size());
    }

    private static List<Integer> sorted(float[] distances, long[] insertions, int k) {
        return IntStream.range(0, distances.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(row -> distances[row])
                        .thenComparingLong(row -> insertions[row]))
                .limit(k)
                .toList();
    }

    private static List<Integer> rows(NearestRows hits) {
        return IntStream.range(0, hits.size()).mapToObj(hits::row).toList();
    }
}
