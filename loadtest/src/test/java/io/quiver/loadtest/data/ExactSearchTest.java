package io.quiver.loadtest.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.log.catalog.Space;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExactSearchTest {
    private static final int DIMENSION = 37;

    @ParameterizedTest
    @EnumSource(Space.class)
    void findsWhatSortingAllDistancesFinds(Space space) {
        ClusteredVectors source = new ClusteredVectors(5, DIMENSION, 6, 1.0, 3);
        Vectors base = source.draw(500, 4);
        Vectors queries = source.draw(10, 5);
        int[][] found = ExactSearch.nearest(base, queries, space, 7);
        for (int query = 0; query < queries.count(); query++) {
            float[] vector = queries.copy(query);
            int[] sorted = IntStream.range(0, base.count())
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> naive(base.copy(row), vector, space)))
                    .mapToInt(Integer::intValue)
                    .limit(7)
                    .toArray();
            assertArrayEquals(sorted, found[query]);
            float distance = ExactSearch.distance(base, sorted[0], vector, space);
            assertEquals(naive(base.copy(sorted[0]), vector, space), distance, 1e-3 * (1 + Math.abs(distance)));
        }
    }

    private static double naive(float[] row, float[] query, Space space) {
        double differences = 0;
        double product = 0;
        double rowNorm = 0;
        double queryNorm = 0;
        for (int i = 0; i < row.length; i++) {
            differences += Math.pow((double) row[i] - query[i], 2);
            product += (double) row[i] * query[i];
            rowNorm += (double) row[i] * row[i];
            queryNorm += (double) query[i] * query[i];
        }
        return switch (space) {
            case L2 -> differences;
            case IP -> 1 - product;
            case COSINE -> 1 - product / Math.sqrt(rowNorm * queryNorm);
        };
    }
}
