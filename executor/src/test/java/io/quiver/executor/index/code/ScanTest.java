package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A scan gives the sums of a loop that knows nothing but the layout, exactly, and estimates of the same bits. */
class ScanTest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Factor A is zero and factor B one: the estimate is the sum. */
    private static final int SUM_ITSELF = Float.floatToRawIntBits(1) >>> 16;

    private static final int BEHIND = 64 * CodeKernels.LINES_A_TURN;

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void addsTheEntriesThatTheCodesChoose(CodeKernels kernels) {
        Random random = Seeds.random("addsTheEntriesThatTheCodesChoose");
        for (int dimension : CodeKernelsFixture.DIMENSIONS) {
            int max = CodeKernels.tableMax(dimension);
            assertSums(kernels, random, dimension, entry -> random.nextInt(max + 1));
            assertSums(kernels, random, dimension, entry -> random.nextInt(100) == 0 ? max : 0);
            assertSums(kernels, random, dimension, entry -> 0);
        }
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void holdsTheLargestSumOfEveryDimension(CodeKernels kernels) {
        Random random = Seeds.random("holdsTheLargestSumOfEveryDimension");
        for (int dimension : CodeKernelsFixture.DIMENSIONS) {
            int max = CodeKernels.tableMax(dimension);
            assertSums(kernels, random, dimension, entry -> max);
        }
    }

    private static void assertSums(CodeKernels kernels, Random random, int dimension, IntUnaryOperator entries) {
        try (Arena arena = Arena.ofConfined()) {
            Block block = new Block(arena, random, dimension, entries);
            block.setFactors(() -> SUM_ITSELF);
            float[] estimates = new float[CodeKernels.BLOCK];
            int near = block.scan(kernels, 1, 0, 0, Float.POSITIVE_INFINITY, estimates);
            assertArrayEquals(block.sums(), estimates, 0f, "dimension " + dimension);
            assertEquals(-1, near);
        }
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#vectorKernels")
    void estimatesTheSameBitsAsThePlainLoop(CodeKernels kernels) {
        Random random = Seeds.random("estimatesTheSameBitsAsThePlainLoop");
        CodeKernels plain = new ScalarCodeKernels();
        for (int dimension : CodeKernelsFixture.DIMENSIONS) {
            for (FloatSample sample : FloatSample.values()) {
                try (Arena arena = Arena.ofConfined()) {
                    int max = CodeKernels.tableMax(dimension);
                    Block block = new Block(arena, random, dimension, entry -> random.nextInt(max + 1));
                    block.setFactors(() -> Float.floatToRawIntBits(sample.draw(random, 1)[0]));
                    assertSameEstimates(plain, kernels, block, sample.draw(random, 4));
                }
            }
        }
    }

    private static void assertSameEstimates(CodeKernels plain, CodeKernels kernels, Block block, float[] query) {
        float[] expected = new float[CodeKernels.BLOCK];
        block.scan(plain, query[0], query[1], query[2], query[3], expected);
        float[] sorted = expected.clone();
        Arrays.sort(sorted);
        for (float threshold : new float[] {query[3], sorted[0], sorted[16], Float.POSITIVE_INFINITY}) {
            float[] estimates = new float[CodeKernels.BLOCK];
            int expectedNear = block.scan(plain, query[0], query[1], query[2], threshold, expected);
            int near = block.scan(kernels, query[0], query[1], query[2], threshold, estimates);
            assertArrayEquals(expected, estimates, 0f);
            assertEquals(expectedNear, near);
        }
    }

    /** A block of random codes with its factors behind it at odd addresses, then bytes that must not count. */
    private static final class Block {
        private final int dimension;
        private final byte[] table;
        private final MemorySegment memory;
        private final long codes;
        private final long factors;

        Block(Arena arena, Random random, int dimension, IntUnaryOperator entries) {
            this.dimension = dimension;
            this.table = new byte[CodeKernels.tableBytes(dimension)];
            for (int i = 0; i < 4 * dimension; i++) {
                table[i] = (byte) entries.applyAsInt(i);
            }
            this.codes = random.nextInt(64);
            this.factors = codes + 4L * dimension;
            byte[] bytes = new byte[(int) factors + 128 + BEHIND];
            random.nextBytes(bytes);
            this.memory = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
        }

        void setFactors(IntSupplier factor) {
            for (int slot = 0; slot < CodeKernels.BLOCK; slot++) {
                memory.set(INT, factors + 4L * slot, factor.getAsInt());
            }
        }

        int scan(CodeKernels kernels, float scale, float base, float center, float threshold, float[] estimates) {
            int[] sums = new int[2 * CodeKernels.BLOCK];
            Arrays.fill(sums, -1);
            int lines = dimension / CodeKernels.DIMENSIONS_A_LINE;
            return kernels.scan(memory, codes, factors, table, lines, scale, base, center, threshold, sums, estimates);
        }

        float[] sums() {
            float[] sums = new float[CodeKernels.BLOCK];
            for (int slot = 0; slot < CodeKernels.BLOCK; slot++) {
                for (int group = 0; group < dimension / 4; group++) {
                    int at = 16 * group + CodeKernels.byteOfSlot(slot);
                    int pair = memory.get(ValueLayout.JAVA_BYTE, codes + at) & 0xFF;
                    int nibble = CodeKernels.isHighNibble(slot) ? pair >> 4 : pair & 15;
                    sums[slot] += table[16 * group + nibble];
                }
            }
            return sums;
        }
    }
}
