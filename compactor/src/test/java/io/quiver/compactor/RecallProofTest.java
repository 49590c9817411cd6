package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecallProofTest {
    private static final int ROWS = 1_000;
    private static final int[] EFS = {10, 50, 100};

    private final Rows rows = Rows.random(new Random(1));
    private final List<SampleQuery> queries = SampleQuery.draw(rows, ROWS, 42);
    private final RecallProof proof = RecallProof.prepare(rows, ROWS, Metric.SQUARED_L2, 42, () -> false);

    @Test
    void findsNothingMissingInAnExactSearch() {
        var curve = proof.measure(new FlatIndex(Metric.SQUARED_L2, rows), EFS, () -> false);
        assertArrayEquals(new float[] {1, 1, 1}, curve.recalls());
        assertEquals(RecallProof.K, curve.k());
    }

    @Test
    void countsWhatASearchMissesAtEachBeamWidth() {
        var curve = proof.measure(new Forgetful(new FlatIndex(Metric.SQUARED_L2, rows)), EFS, () -> false);
        assertEquals(0.1, curve.recalls()[0], 0.03);
        assertEquals(0.5, curve.recalls()[1], 0.05);
        assertEquals(1, curve.recalls()[2]);
    }

    @Test
    void asksDifferentRowsAndTheSameOnesAgain() {
        assertEquals(200, proof.sampleSize());
        assertEquals(200, queries.stream().map(SampleQuery::row).distinct().count());
        var again = SampleQuery.draw(rows, ROWS, 42);
        for (int i = 0; i < queries.size(); i++) {
            assertEquals(queries.get(i).row(), again.get(i).row());
            assertArrayEquals(queries.get(i).embedding(), again.get(i).embedding());
        }
    }

    @Test
    void endsWhenItIsGivenUp() {
        assertThrows(GivenUpException.class, () -> RecallProof.prepare(rows, ROWS, Metric.SQUARED_L2, 42, () -> true));
    }

    @Test
    void asksFewerRowsOfALargeSegment() {
        assertTrue(SampleQuery.draw(new Rows(MemorySegment.NULL, 0), 100_000_000, 1)
                        .size()
                == 50);
    }

    /** Sees {@code ef} of a hundred rows. */
    private record Forgetful(VectorIndex exact) implements VectorIndex {
        @Override
        public Metric metric() {
            return exact.metric();
        }

        @Override
        public int dimension() {
            return exact.dimension();
        }

        @Override
        public List<RowRange> divide(int rowCount, int parts) {
            return exact.divide(rowCount, parts);
        }

        @Override
        public void search(List<RowSearch> searches, RowRange range) {
            exact.search(
                    searches.stream()
                            .map(search -> new RowSearch(
                                    search.query(),
                                    null,
                                    row -> row * 37 % 100 < search.ef()
                                            && search.isLive().test(row),
                                    search.hits(),
                                    search.isStopped()))
                            .toList(),
                    range);
        }
    }

    private record Rows(MemorySegment bytes, int dimension) implements EmbeddingRows {
        static Rows random(Random random) {
            int dimension = (int) (Kernels.strideBytes(1) / Float.BYTES);
            MemorySegment bytes = Arena.ofAuto().allocate((long) ROWS * dimension * Float.BYTES, 64);
            for (long i = 0; i < (long) ROWS * dimension; i++) {
                bytes.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
            }
            return new Rows(bytes, dimension);
        }

        @Override
        public int chunkRows() {
            return Integer.MAX_VALUE;
        }

        @Override
        public MemorySegment chunk(int number) {
            return bytes;
        }

        @Override
        public MemorySegment inverseNorms(int number) {
            throw new UnsupportedOperationException("the metric is not cosine");
        }
    }
}
