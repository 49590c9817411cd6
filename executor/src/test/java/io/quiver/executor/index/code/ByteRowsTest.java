package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against sums in doubles: floats may be off by a rounding a term, bits and decoded values not at all. */
class ByteRowsTest {
    private static final int ROWS = 4;
    private static final CodeKernels PLAIN = new ScalarCodeKernels();

    /** Checks kernels on the rows of a segment, from {@code at} on, and a query or center. */
    private interface Check {
        void run(MemorySegment memory, long at, float[] floats, float[] others);
    }

    private static void forAllSamples(String test, Check check) {
        Random random = Seeds.random(test);
        for (int dimension : CodeKernelsFixture.DIMENSIONS) {
            for (FloatSample sample : FloatSample.values()) {
                try (Arena arena = Arena.ofConfined()) {
                    int at = random.nextInt(64);
                    byte[] bytes = new byte[at + ROWS * dimension];
                    random.nextBytes(bytes);
                    MemorySegment memory = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
                    check.run(memory, at, sample.draw(random, dimension), sample.draw(random, 2));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void givesInnerProducts(CodeKernels kernels) {
        forAllSamples("givesInnerProducts", (memory, at, query, others) -> {
            float[] dots = new float[ROWS];
            int n = query.length;
            kernels.dotBytes(memory, at, at + n, at + 2L * n, at + 3L * n, query, dots);
            for (int row = 0; row < ROWS; row++) {
                assertDot(memory, at + (long) row * n, query, dots[row]);
                assertDot(memory, at + (long) row * n, query, kernels.dotBytes(memory, at + (long) row * n, query));
            }
        });
    }

    private static void assertDot(MemorySegment memory, long row, float[] query, float dot) {
        double sum = 0;
        double absolute = 0;
        for (int i = 0; i < query.length; i++) {
            double product = (double) unsigned(memory, row + i) * query[i];
            sum += product;
            absolute += Math.abs(product);
        }
        assertEquals(sum, dot, CodeKernelsFixture.tolerance(query.length, absolute));
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void decodesToTheBit(CodeKernels kernels) {
        forAllSamples("decodesToTheBit", (memory, at, floats, others) -> {
            float total = kernels.decode(memory, at, others[0], others[1], floats);
            double sum = 0;
            double absolute = 0;
            for (int i = 0; i < floats.length; i++) {
                assertEquals(unsigned(memory, at + i) * others[1] + others[0], floats[i], 0f);
                sum += floats[i];
                absolute += Math.abs(floats[i]);
            }
            assertEquals(sum, total, CodeKernelsFixture.tolerance(floats.length, absolute));
        });
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void givesTheSignsOfResidualsToTheBit(CodeKernels kernels) {
        forAllSamples("givesTheSignsOfResidualsToTheBit", (memory, at, center, others) -> {
            short[] bits = new short[center.length / 16];
            float[] sums = new float[3];
            kernels.residual(memory, at, others[0], others[1], center, bits, sums);
            double absolute = 0;
            double squares = 0;
            double signed = 0;
            double centers = 0;
            for (int i = 0; i < center.length; i++) {
                float residual = unsigned(memory, at + i) * others[1] + others[0] - center[i];
                boolean isSet = (bits[i / 16] >> i % 16 & 1) == 1;
                assertEquals(residual >= 0, isSet);
                absolute += Math.abs(residual);
                squares += (double) residual * residual;
                signed += isSet ? center[i] : -center[i];
                centers += Math.abs(center[i]);
            }
            assertEquals(absolute, sums[0], CodeKernelsFixture.tolerance(center.length, absolute));
            assertEquals(squares, sums[1], CodeKernelsFixture.tolerance(center.length, squares));
            assertEquals(signed, sums[2], CodeKernelsFixture.tolerance(center.length, centers));
        });
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#vectorKernels")
    void givesTheSameSignsAsThePlainLoop(CodeKernels kernels) {
        forAllSamples("givesTheSameSignsAsThePlainLoop", (memory, at, center, others) -> {
            short[] bits = new short[center.length / 16];
            short[] expected = new short[bits.length];
            float[] sums = new float[3];
            kernels.residual(memory, at, others[0], others[1], center, bits, sums);
            PLAIN.residual(memory, at, others[0], others[1], center, expected, sums);
            assertArrayEquals(expected, bits);
        });
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void addsUpFloats(CodeKernels kernels) {
        forAllSamples("addsUpFloats", (memory, at, floats, others) -> {
            float[] totals = {1, 1, 1};
            kernels.totals(floats, totals);
            double sum = 0;
            double squares = 0;
            double absolute = 0;
            for (float value : floats) {
                sum += value;
                squares += (double) value * value;
                absolute += Math.abs(value);
            }
            assertEquals(sum, totals[0], CodeKernelsFixture.tolerance(floats.length, absolute));
            assertEquals(squares, totals[1], CodeKernelsFixture.tolerance(floats.length, squares));
            assertEquals(absolute, totals[2], CodeKernelsFixture.tolerance(floats.length, absolute));
        });
    }

    private static float unsigned(MemorySegment memory, long at) {
        return memory.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }
}
