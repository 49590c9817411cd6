package io.quiver.loadtest.delta;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contest on data so small that nothing can be said of speed. */
class ContestTest {
    @ParameterizedTest
    @ValueSource(strings = {"space=l2", "space=cosine", "space=ip", "clusters=0"})
    void theSearchByCodesFindsNearlyAllAndComputesLittle(String shape) throws IOException {
        DataSet set = DataSets.open("generated:n=8000,d=128,queries=60," + shape);
        try (FreshRows rows = new FreshRows(set)) {
            Contest.Result result = new Contest(set, rows).run(7, 100, 1);
            assertTrue(result.recall() >= 0.97, result::toString);
            assertTrue(result.distances() < 4_000, result::toString);
            assertTrue(rows.rowBytes() < 1.2 * 128 * Float.BYTES, () -> "bytes a row: " + rows.rowBytes());
            assertTrue(rows.appendNs() > 0 && rows.encodeNs() > 0);
        }
    }
}
