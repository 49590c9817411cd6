package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignsTest {
    private static final int ROWS = 9;

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void addsUpTheNumbersThatBitsChoose(CodeKernels kernels) {
        Random random = Seeds.random("addsUpTheNumbersThatBitsChoose");
        for (int count : new int[] {16, 64, 480, 512, 784, 1_536, 4_096}) {
            compare(kernels, random, count);
        }
    }

    /** Rows lie side by side and not at whole words, so that behind each of them there are bits of another. */
    private static void compare(CodeKernels kernels, Random random, int count) {
        byte[] numbers = new byte[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (byte) (random.nextInt(16) - 8);
        }
        long stride = count / 8L + 12;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = memory(arena, random, ROWS * stride + 64);
            long[] rows = new long[ROWS];
            Arrays.setAll(rows, i -> i * stride + 4);
            int[] sums = new int[ROWS];
            Arrays.fill(sums, -1);
            kernels.addChosen(memory, rows, 1, ROWS - 1, planes(numbers), sums);
            assertArrayEquals(new int[] {-1, -1}, new int[] {sums[0], sums[ROWS - 1]});
            for (int i = 1; i < ROWS - 1; i++) {
                assertEquals(chosen(memory, rows[i], numbers), sums[i], "row " + i + " of " + count);
            }
        }
    }

    private static int chosen(MemorySegment memory, long row, byte[] numbers) {
        int sum = 0;
        for (int i = 0; i < numbers.length; i++) {
            boolean isChosen = (memory.get(ValueLayout.JAVA_BYTE, row + i / 8) >> i % 8 & 1) == 1;
            sum += isChosen ? numbers[i] : 0;
        }
        return sum;
    }

    private static long[] planes(byte[] numbers) {
        int words = CodeKernels.planeWords(numbers.length);
        long[] planes = new long[CodeKernels.PLANES * words];
        for (int i = 0; i < numbers.length; i++) {
            for (int plane = 0; plane < CodeKernels.PLANES; plane++) {
                planes[plane * words + i / Long.SIZE] |= (long) (numbers[i] >> plane & 1) << i;
            }
        }
        return planes;
    }

    private static MemorySegment memory(Arena arena, Random random, long size) {
        byte[] bytes = new byte[(int) size];
        random.nextBytes(bytes);
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }
}
