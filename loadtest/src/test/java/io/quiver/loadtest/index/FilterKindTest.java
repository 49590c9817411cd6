package io.quiver.loadtest.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.RowSet;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilterKindTest {
    @ParameterizedTest
    @EnumSource
    void acceptsAsManyAsTheSelectivitySaysAndAtLeastOne(FilterKind kind) throws IOException {
        List<RowSet> accepted = kind.accepted(set(), List.of(1e-9, 0.1, 0.5, 1.0));
        assertEquals(
                List.of(1, 20, 100, 200), accepted.stream().map(RowSet::count).toList());
    }

    @Test
    void correlatedRowsAreNearerToEachOtherThanRandomOnes() throws IOException {
        DataSet set = set();
        double correlated =
                spread(set, FilterKind.CORRELATED.accepted(set, List.of(0.1)).getFirst());
        double random =
                spread(set, FilterKind.RANDOM.accepted(set, List.of(0.1)).getFirst());
        assertTrue(correlated < random, correlated + " against " + random);
    }

    /** Mean of the squared distances of accepted rows to the first of them. */
    private static double spread(DataSet set, RowSet rows) {
        float[] first = set.base().copy(rows.next(0));
        return IntStream.range(0, set.base().count())
                .filter(rows::contains)
                .mapToDouble(row -> squared(first, set.base().copy(row)))
                .average()
                .orElseThrow();
    }

    private static double squared(float[] left, float[] right) {
        return IntStream.range(0, left.length)
                .mapToDouble(i -> Math.pow(left[i] - right[i], 2))
                .sum();
    }

    private static DataSet set() throws IOException {
        return DataSets.open("generated:n=200,d=8,queries=3,clusters=5");
    }
}
