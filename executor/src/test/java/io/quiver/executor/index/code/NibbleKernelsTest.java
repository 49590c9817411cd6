package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NibbleKernelsTest {
    private static final long[] ROWS = {3, 10_007, 20_001, 40_000};

    @ParameterizedTest
    @ValueSource(ints = {16, 128, 144, 512, 640, 768, 16_384})
    void vectorsAddUpWhatLoopsDo(int dimension) {
        Random random = Seeds.random("NibbleKernelsTest");
        float[] floats = Seeds.embedding(random, dimension);
        compare(dimension, floats, random);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 512, 16_384})
    void theLargestProductsDoNotOverflow(int dimension) {
        float[] floats = new float[dimension];
        Arrays.fill(floats, -1);
        compare(dimension, floats, null);
    }

    private static void compare(int dimension, float[] floats, @Nullable Random random) {
        short[] query = new short[NibbleKernels.queryShorts(dimension)];
        NibbleKernels.fillQuery(floats, query);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment codes = arena.allocate(60_000);
            for (long i = 0; i < codes.byteSize(); i++) {
                codes.set(ValueLayout.JAVA_BYTE, i, (byte) (random == null ? 0xFF : random.nextInt()));
            }
            int[] expected = new int[4];
            for (int row = 0; row < 4; row++) {
                expected[row] = naive(codes, ROWS[row], floats, query);
            }
            for (NibbleKernels kernels : new NibbleKernels[] {new ScalarNibbleKernels(), new VectorNibbleKernels()}) {
                int[] dots = new int[4];
                kernels.dots(codes, ROWS[0], ROWS[1], ROWS[2], ROWS[3], query, dots);
                assertArrayEquals(expected, dots, kernels.getClass().getSimpleName());
            }
        }
    }

    private static int naive(MemorySegment codes, long row, float[] floats, short[] query) {
        int sum = 0;
        for (int i = 0; i < floats.length; i++) {
            int pair = codes.get(ValueLayout.JAVA_BYTE, row + i / 2) & 0xFF;
            sum += (i % 2 == 0 ? pair & 0x0F : pair >> 4) * query[NibbleKernels.place(i)];
        }
        return sum;
    }
}
