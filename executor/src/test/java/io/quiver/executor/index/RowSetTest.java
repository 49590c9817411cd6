package io.quiver.executor.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowSetTest {
    @Test
    void copiesItsRowsFromAnyOnInOrder() {
        Random random = Seeds.random("copiesItsRowsFromAnyOnInOrder");
        for (int rowCount : new int[] {1, 63, 64, 65, 128, 300}) {
            for (double share : new double[] {0, 0.02, 0.5, 1}) {
                RowSet set = some(random, rowCount, share);
                for (int row = 0; row <= rowCount; row++) {
                    check(set, row, rowCount, 1 + random.nextInt(rowCount + 5));
                }
            }
        }
    }

    private static void check(RowSet set, int from, int rowCount, int most) {
        int[] expected = IntStream.range(from, rowCount)
                .filter(set::contains)
                .limit(most)
                .toArray();
        int[] rows = new int[most];
        assertEquals(expected.length, set.copy(from, rows, most));
        assertArrayEquals(expected, Arrays.copyOf(rows, expected.length));
    }

    private static RowSet some(Random random, int rowCount, double share) {
        RowSet some = RowSet.none(rowCount);
        IntStream.range(0, rowCount).filter(_ -> random.nextDouble() < share).forEach(some::add);
        return some;
    }
}
