package io.quiver.executor.index.code;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A process that calls each kernel of one kind until that makes no objects, which it does once the compiler is done.
 */
final class KernelAllocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int CALLS = 1_000;
    private static final int QUIET_ROUNDS = 10;
    private static final long WARM_UP_MAX_NS = 60_000_000_000L;

    /** Less than the smallest vector as an object, a call; something else may make an object now and then. */
    private static final long BYTES_A_CALL_MAX = 16;

    private KernelAllocations() {}

    /** Prints what still makes objects in the end; the argument is a name of {@link CodeKernels#name}. */
    public static void main(String[] arguments) {
        for (CodeKernels kernels : CodeKernelsFixture.vectorKernels()) {
            if (kernels.name().equals(arguments[0])) {
                check(kernels, 128);
                check(kernels, 784);
            }
        }
    }

    private static void check(CodeKernels kernels, int dimension) {
        Calls calls = new Calls(kernels, dimension);
        Map<String, Runnable> all = new LinkedHashMap<>();
        all.put("scan", calls::scan);
        all.put("fillTable", calls::fillTable);
        all.put("totals", calls::totals);
        all.put("dotBytes", calls::dotBytes);
        all.put("dotBytes of four rows", calls::fourDots);
        all.put("residual", calls::residual);
        all.put("decode", calls::decode);
        all.put("addChosen", calls::addChosen);
        all.put("countSmaller", calls::countSmaller);
        all.put("indexOf", calls::indexOf);
        all.put("dots of nibbles", calls::nibbleDots);
        all.put("flipAndTransform", calls::flipAndTransform);
        all.forEach((name, call) -> {
            if (!isQuiet(call)) {
                System.out.printf("%s at %d%n", name, dimension);
            }
        });
    }

    private static boolean isQuiet(Runnable call) {
        long start = System.nanoTime();
        int quietRounds = 0;
        while (quietRounds < QUIET_ROUNDS && System.nanoTime() - start < WARM_UP_MAX_NS) {
            quietRounds = allocatedBytes(call) < CALLS * BYTES_A_CALL_MAX ? quietRounds + 1 : 0;
        }
        return quietRounds == QUIET_ROUNDS;
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
        private final long[] rows = {0, 128, 256, 384};
        private final long[] planes;
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
            this.planes = new long[CodeKernels.PLANES * CodeKernels.planeWords(dimension)];
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

        void addChosen() {
            kernels.addChosen(memory, rows, 0, rows.length, planes, sums);
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
