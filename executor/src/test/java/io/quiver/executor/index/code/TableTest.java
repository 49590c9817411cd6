package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Seeds;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableTest {
    /** A quarter for the two halves of a group, a half for the entry, and what floats lose. */
    private static final double ROUNDING = 0.751;

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#vectorKernels")
    void isTheSameWhateverKernelWritesIt(CodeKernels kernels) {
        Random random = Seeds.random("isTheSameWhateverKernelWritesIt");
        CodeKernels plain = new ScalarCodeKernels();
        for (int dimension : CodeKernelsFixture.DIMENSIONS) {
            for (FloatSample sample : FloatSample.values()) {
                float[] query = sample.draw(random, dimension);
                byte[] expected = new byte[CodeKernels.tableBytes(dimension)];
                byte[] table = expected.clone();
                assertEquals(plain.fillTable(query, expected), kernels.fillTable(query, table), 0f);
                assertArrayEquals(expected, table, () -> sample + " of dimension " + dimension);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void holdsTheSignedSumsOfGroups(CodeKernels kernels) {
        Random random = Seeds.random("holdsTheSignedSumsOfGroups");
        for (int dimension : CodeKernelsFixture.DIMENSIONS) {
            for (FloatSample sample : FloatSample.values()) {
                assertSums(kernels, sample.draw(random, dimension));
            }
        }
    }

    private static void assertSums(CodeKernels kernels, float[] query) {
        byte[] table = new byte[CodeKernels.tableBytes(query.length)];
        float scale = kernels.fillTable(query, table);
        for (int entry = 0; entry < 4 * query.length; entry++) {
            double sum = 0;
            for (int bit = 0; bit < 4; bit++) {
                double component = query[entry / 16 * 4 + bit];
                sum += Math.abs(component) + ((entry >> bit & 1) == 1 ? component : -component);
            }
            assertEquals(sum / scale, table[entry], ROUNDING);
            assertTrue(table[entry] >= 0 && table[entry] <= CodeKernels.tableMax(query.length));
        }
        byte[] behind = Arrays.copyOfRange(table, 4 * query.length, table.length);
        assertArrayEquals(new byte[behind.length], behind);
    }

    @Test
    void fitsItsSumsIntoSixteenBits() {
        assertEquals(63, CodeKernels.tableMax(128));
        assertEquals(63, CodeKernels.tableMax(4160));
        assertEquals(62, CodeKernels.tableMax(4176));
        assertEquals(15, CodeKernels.tableMax(16_384));
        for (int dimension = 16; dimension <= 20_000; dimension += 16) {
            assertTrue(CodeKernels.tableMax(dimension) * (dimension / 4) <= 65_535);
        }
    }

    @Test
    void endsWithAWholeTurn() {
        assertEquals(256, CodeKernels.tableBytes(16));
        assertEquals(256, CodeKernels.tableBytes(64));
        assertEquals(512, CodeKernels.tableBytes(80));
        assertEquals(3328, CodeKernels.tableBytes(784));
    }

    @Test
    void hasAPlaceForEverySlot() {
        boolean[] isTaken = new boolean[32];
        for (int slot = 0; slot < CodeKernels.BLOCK; slot++) {
            int place = 2 * CodeKernels.byteOfSlot(slot) + (CodeKernels.isHighNibble(slot) ? 1 : 0);
            assertEquals(false, isTaken[place], "slot " + slot);
            isTaken[place] = true;
        }
    }
}
