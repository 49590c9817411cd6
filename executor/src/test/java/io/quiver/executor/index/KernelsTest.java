package io.quiver.executor.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quiver.executor.index.code.KernelSetting;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelsTest {
    private static final int DIMENSION_MAX = 1_100;
    private static final int ROWS = 11;

    static List<Kernels> kernels() {
        return List.of(new VectorKernels(), new ScalarKernels());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreesWithANaiveLoopAtEveryLength(Kernels kernels) {
        Random random = Seeds.random("agreesWithANaiveLoopAtEveryLength");
        for (int dimension = 1; dimension <= DIMENSION_MAX; dimension++) {
            try (Arena arena = Arena.ofConfined()) {
                Sample sample = new Sample(random, arena, dimension, 4 * random.nextInt(16));
                assertClose(kernels, sample);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void givesTheSameBitsHoweverManyRowsAndQueriesAreComputedTogether(Kernels kernels) {
        Random random = Seeds.random("givesTheSameBitsHoweverManyRowsAndQueriesAreComputedTogether");
        for (int dimension = 1; dimension <= DIMENSION_MAX; dimension++) {
            try (Arena arena = Arena.ofConfined()) {
                assertSameBits(kernels, new Sample(random, arena, dimension, random.nextInt(64)));
            }
        }
    }

    /** Interpreted or compiled, alone or among others: lane by lane with one rounding a step, then halves as a tree. */
    @Test
    void addsOnVectorsInTheOrderOfALoopThatDoesTheSame() {
        Random random = Seeds.random("addsOnVectorsInTheOrderOfALoopThatDoesTheSame");
        Kernels kernels = new VectorKernels();
        for (int dimension = 1; dimension <= DIMENSION_MAX; dimension++) {
            try (Arena arena = Arena.ofConfined()) {
                Sample sample = new Sample(random, arena, dimension, 4 * random.nextInt(16));
                float[] dots = sample.dots(kernels, sample.query);
                float[] squares = sample.squares(kernels, sample.query);
                for (int row = 0; row < ROWS; row++) {
                    assertEquals(lanewise(sample.embeddings[row], sample.query, false), dots[row], 0f);
                    assertEquals(lanewise(sample.embeddings[row], sample.query, true), squares[row], 0f);
                }
            }
        }
    }

    private static float lanewise(float[] row, float[] query, boolean isSquare) {
        float[] lanes = new float[Math.min(VectorKernels.bits(), 512) / Float.SIZE];
        for (int i = 0; i < row.length; i++) {
            float difference = row[i] - query[i];
            int lane = i % lanes.length;
            lanes[lane] =
                    isSquare ? Math.fma(difference, difference, lanes[lane]) : Math.fma(query[i], row[i], lanes[lane]);
        }
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }

    @Test
    void areChosenByName() {
        assertInstanceOf(ScalarKernels.class, KernelChoice.choose(KernelSetting.SCALAR));
        assertInstanceOf(VectorKernels.class, KernelChoice.choose(KernelSetting.VECTOR_256));
        assertEquals(
                Kernels.best().name(), KernelChoice.choose(KernelSetting.BEST).name());
    }

    @Test
    void padRowsToCacheLines() {
        assertEquals(64, Kernels.strideBytes(1));
        assertEquals(64, Kernels.strideBytes(16));
        assertEquals(128, Kernels.strideBytes(17));
        assertEquals(784 * 4, Kernels.strideBytes(784));
    }

    private static void assertClose(Kernels kernels, Sample sample) {
        float[] dots = sample.dots(kernels, sample.query);
        float[] squares = sample.squares(kernels, sample.query);
        for (int row = 0; row < ROWS; row++) {
            double square = NaiveDistance.square(sample.embeddings[row], sample.query);
            double dot = NaiveDistance.dot(sample.embeddings[row], sample.query);
            double length = Math.sqrt(NaiveDistance.dot(sample.embeddings[row], sample.embeddings[row])
                    * NaiveDistance.dot(sample.query, sample.query));
            assertEquals(square, squares[row], 2e-6 * square, () -> "dimension " + sample.query.length);
            assertEquals(dot, dots[row], 2e-6 * length, () -> "dimension " + sample.query.length);
        }
    }

    private static void assertSameBits(Kernels kernels, Sample sample) {
        float[] dots = sample.dots(kernels, sample.query);
        float[] squares = sample.squares(kernels, sample.query);
        float[] other = new float[ROWS + Kernels.ROWS_A_TURN];
        float[] sums = new float[ROWS + Kernels.ROWS_A_TURN];
        float[] padded = PaddedQuery.of(Metric.INNER_PRODUCT, sample.query).floats();
        float[] second =
                PaddedQuery.of(Metric.INNER_PRODUCT, sample.secondQuery).floats();

        kernels.dots(sample.rows, sample.offsets, ROWS, second, other, padded, sums);
        assertArrayEquals(dots, Arrays.copyOf(sums, ROWS), 0f);
        assertArrayEquals(sample.dots(kernels, sample.secondQuery), Arrays.copyOf(other, ROWS), 0f);
        kernels.squares(sample.rows, sample.offsets, ROWS, padded, sums, second, other);
        assertArrayEquals(squares, Arrays.copyOf(sums, ROWS), 0f);
        assertArrayEquals(sample.squares(kernels, sample.secondQuery), Arrays.copyOf(other, ROWS), 0f);

        kernels.dots(sample.memories, sample.offsets, ROWS, padded, sums);
        assertArrayEquals(dots, Arrays.copyOf(sums, ROWS), 0f);
        kernels.squares(sample.memories, sample.offsets, ROWS, padded, sums);
        assertArrayEquals(squares, Arrays.copyOf(sums, ROWS), 0f);

        for (int row = 0; row < ROWS; row++) {
            long[] alone = new long[Kernels.ROWS_A_TURN];
            Arrays.fill(alone, sample.offsets[row]);
            kernels.dots(sample.rows, alone, 1, padded, sums);
            assertEquals(dots[row], sums[0], 0f);
            kernels.squares(sample.rows, alone, 1, padded, sums);
            assertEquals(squares[row], sums[0], 0f);
        }
    }

    /** Random rows and two queries of one dimension. */
    private static final class Sample {
        private final float[][] embeddings;
        private final float[] query;
        private final float[] secondQuery;
        private final MemorySegment rows;
        private final long[] offsets = new long[ROWS + Kernels.ROWS_A_TURN];
        private final MemorySegment[] memories = new MemorySegment[offsets.length];

        Sample(Random random, Arena arena, int dimension, int misalignment) {
            embeddings = Seeds.embeddings(random, ROWS, dimension);
            query = Seeds.embedding(random, dimension);
            secondQuery = Seeds.embedding(random, dimension);
            rows = new ChunkedRows(arena, embeddings, dimension, ROWS, misalignment).chunk(0);
            for (int row = 0; row < ROWS; row++) {
                offsets[row] = row * Kernels.strideBytes(dimension);
            }
            Arrays.fill(memories, rows);
        }

        float[] dots(Kernels kernels, float[] query) {
            float[] sums = new float[offsets.length];
            kernels.dots(
                    rows,
                    offsets,
                    ROWS,
                    PaddedQuery.of(Metric.INNER_PRODUCT, query).floats(),
                    sums);
            return Arrays.copyOf(sums, ROWS);
        }

        float[] squares(Kernels kernels, float[] query) {
            float[] sums = new float[offsets.length];
            kernels.squares(
                    rows,
                    offsets,
                    ROWS,
                    PaddedQuery.of(Metric.INNER_PRODUCT, query).floats(),
                    sums);
            return Arrays.copyOf(sums, ROWS);
        }
    }
}
