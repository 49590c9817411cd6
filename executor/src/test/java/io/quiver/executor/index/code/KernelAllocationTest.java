package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * No kernel makes objects once it is compiled: a vector that the compiler could not keep in registers would be one. Needs
 * the options of {@code deploy/jvm.options}.
 */
class KernelAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int CALLS = 1_000;
    private static final int QUIET_ROUNDS = 10;
    private static final long WARM_UP_MAX_NS = 60_000_000_000L;

    /** Less than the smallest vector as an object, a call; something else may make an object now and then. */
    private static final long BYTES_A_CALL_MAX = 16;

    @TestFactory
    List<DynamicTest> makesNoObjects() {
        List<DynamicTest> tests = new ArrayList<>();
        for (CodeKernels kernels : CodeKernelsFixture.vectorKernels()) {
            for (int dimension : new int[] {128, 784}) {
                addTests(tests, kernels, dimension);
            }
        }
        return tests;
    }

    private static void addTests(List<DynamicTest> tests, CodeKernels kernels, int dimension) {
        Calls calls = new Calls(kernels, dimension);
        String of = " of %s at %d".formatted(kernels.name(), dimension);
        tests.add(DynamicTest.dynamicTest("scan" + of, () -> assertNoObjects(calls::scan)));
        tests.add(DynamicTest.dynamicTest("fillTable" + of, () -> assertNoObjects(calls::fillTable)));
        tests.add(DynamicTest.dynamicTest("totals" + of, () -> assertNoObjects(calls::totals)));
        tests.add(DynamicTest.dynamicTest("dotBytes" + of, () -> assertNoObjects(calls::dotBytes)));
        tests.add(DynamicTest.dynamicTest("dotBytes of four rows" + of, () -> assertNoObjects(calls::fourDots)));
        tests.add(DynamicTest.dynamicTest("residual" + of, () -> assertNoObjects(calls::residual)));
        tests.add(DynamicTest.dynamicTest("decode" + of, () -> assertNoObjects(calls::decode)));
        tests.add(DynamicTest.dynamicTest("countSmaller" + of, () -> assertNoObjects(calls::countSmaller)));
        tests.add(DynamicTest.dynamicTest("indexOf" + of, () -> assertNoObjects(calls::indexOf)));
        tests.add(DynamicTest.dynamicTest("dots of nibbles" + of, () -> assertNoObjects(calls::nibbleDots)));
        tests.add(DynamicTest.dynamicTest("flipAndTransform" + of, () -> assertNoObjects(calls::flipAndTransform)));
    }

    /** Calls until that makes no objects for a while, which it does once the compiler is done. */
    private static void assertNoObjects(Runnable call) {
        long start = System.nanoTime();
        int quietRounds = 0;
        while (quietRounds < QUIET_ROUNDS && System.nanoTime() - start < WARM_UP_MAX_NS) {
            quietRounds = allocatedBytes(call) < CALLS * BYTES_A_CALL_MAX ? quietRounds + 1 : 0;
        }
        assertTrue(quietRounds == QUIET_ROUNDS, "still makes objects");
    }

    private static long allocatedBytes(Runnable call) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** Each kernel with arguments of its own. */
    private static final class Calls {
        private final CodeKernels kernels;
        private final int dimension;
        private final MemorySegment memory = Arena.ofAuto().allocate(1 << 16, 64);
        private final float[] query;
        private final float[] floats;
        private final float[] few = new float[4];
        private final byte[] table;
        private final short[] bits;
        private final short[] shorts;
        private final long[] keys = new long[256];
        private final int[] sums = new int[2 * CodeKernels.BLOCK];
        private final float[] estimates = new float[CodeKernels.BLOCK];

        Calls(CodeKernels kernels, int dimension) {
            this.kernels = kernels;
            this.dimension = dimension;
            this.query = new float[dimension];
            this.floats = new float[dimension];
            this.table = new byte[CodeKernels.tableBytes(dimension)];
            this.shorts = new short[NibbleKernels.queryShorts(dimension)];
            this.bits = new short[dimension / 16];
        }

        void scan() {
            kernels.scan(memory, 0, 4L * dimension, table, dimension / 16, 1, 0, 0, 1, sums, estimates);
        }

        void fillTable() {
            kernels.fillTable(query, table);
        }

        void totals() {
            kernels.totals(query, few);
        }

        void dotBytes() {
            few[0] = kernels.dotBytes(memory, 0, query);
        }

        void fourDots() {
            kernels.dotBytes(memory, 0, dimension, 2L * dimension, 3L * dimension, query, few);
        }

        void residual() {
            kernels.residual(memory, 0, 0, 1, query, bits, few);
        }

        void decode() {
            few[0] = kernels.decode(memory, 0, 0, 1, floats);
        }

        void nibbleDots() {
            NibbleKernels.best().dots(memory, 0, 4096, 8192, 12_288, shorts, sums);
        }

        void countSmaller() {
            few[0] = kernels.countSmaller(keys, 100, 1);
        }

        void indexOf() {
            few[0] = kernels.indexOf(keys, 0, 200, 1);
        }

        void flipAndTransform() {
            kernels.flipAndTransform(floats, query, 0, Integer.highestOneBit(dimension));
        }
    }
}
