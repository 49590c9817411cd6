package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Seeds;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeysTest {
    private static final int KEYS = 200;
    private static final int READ_BEHIND = 7;
    private static final CodeKernels PLAIN = new ScalarCodeKernels();

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#vectorKernels")
    void countsSmallerKeysAsThePlainLoopDoes(CodeKernels kernels) {
        Random random = Seeds.random("countsSmallerKeysAsThePlainLoopDoes");
        for (int round = 0; round < 2_000; round++) {
            long[] keys = keys(random);
            int from = random.nextInt(KEYS - CodeKernels.WINDOW);
            for (long key : new long[] {keys[from + 5], random.nextLong(), Long.MIN_VALUE, Long.MAX_VALUE, 0}) {
                assertEquals(PLAIN.countSmaller(keys, from, key), kernels.countSmaller(keys, from, key));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.quiver.executor.index.code.CodeKernelsFixture#allKernels")
    void findsTheFirstKeyOfANode(CodeKernels kernels) {
        Random random = Seeds.random("findsTheFirstKeyOfANode");
        for (int round = 0; round < 5_000; round++) {
            long[] keys = keys(random);
            int from = random.nextInt(KEYS);
            int to = from + random.nextInt(KEYS - from - READ_BEHIND > 0 ? KEYS - from - READ_BEHIND : 1);
            int node = random.nextInt(64) - 2;
            int at = kernels.indexOf(keys, from, Math.min(to, KEYS - READ_BEHIND), node);
            assertFirst(keys, from, Math.min(to, KEYS - READ_BEHIND), node, at);
        }
    }

    private static void assertFirst(long[] keys, int from, int to, int node, int at) {
        int first = from;
        while (first < to && (int) keys[first] != node) {
            first++;
        }
        if (first < to) {
            assertEquals(first, at);
        } else {
            assertTrue(at >= to);
        }
    }

    /** Few nodes, so that they come again; distances of either sign. */
    private static long[] keys(Random random) {
        long[] keys = new long[KEYS];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = (long) random.nextInt() << 32 | random.nextInt(60);
        }
        return keys;
    }
}
