package io.quiver.executor.index.code;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Has the code kernels compiled that a search needs: calls each until it makes no objects, for vectors are objects
 * until the compiler keeps them in registers, and a kernel that makes one is slower than a plain loop. Scratch of one
 * thread.
 */
public final class CodeKernelWarmUp implements AutoCloseable {
    private static final int DIMENSION = 256;
    private static final int LINES = DIMENSION / CodeKernels.DIMENSIONS_A_LINE;
    private static final int CODES_BYTES = CodeKernels.BLOCK * DIMENSION / Byte.SIZE;
    private static final int BLOCK_BYTES = CODES_BYTES + CodeKernels.BLOCK * Integer.BYTES;
    private static final int CALLS = 16;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(BLOCK_BYTES, 64);
    private final float[] query = new float[DIMENSION];
    private final float[] signs = new float[DIMENSION];
    private final float[] totals = new float[3];
    private final float[] dots = new float[4];
    private final byte[] table = new byte[CodeKernels.tableBytes(DIMENSION)];
    private final int[] sums = new int[2 * CodeKernels.BLOCK];
    private final float[] estimates = new float[CodeKernels.BLOCK];
    private final long[] keys = new long[2 * CodeKernels.WINDOW];
    private final List<Runnable> calls;

    /** Warms the kernels of this process. */
    public CodeKernelWarmUp() {
        Arrays.fill(query, 1);
        Arrays.fill(signs, (float) (1 / Math.sqrt(DIMENSION)));
        Arrays.setAll(keys, i -> i);
        calls = new ArrayList<>(calls(CodeKernels.best()));
    }

    private List<Runnable> calls(CodeKernels kernels) {
        return List.of(
                () -> kernels.scan(memory, 0, CODES_BYTES, table, LINES, 1, 0, 0, 1, sums, estimates),
                () -> kernels.fillTable(query, table),
                () -> kernels.totals(query, totals),
                () -> totals[0] = kernels.dotBytes(memory, 0, query),
                () -> kernels.dotBytes(memory, 0, 0, 0, 0, query, dots),
                () -> totals[0] = kernels.countSmaller(keys, 0, CodeKernels.WINDOW / 2),
                () -> totals[0] = kernels.indexOf(keys, 0, CodeKernels.WINDOW, CodeKernels.WINDOW / 2),
                () -> kernels.flipAndTransform(query, signs, 0, DIMENSION));
    }

    /** Calls some more those kernels that still make objects; {@code true} when there are none left. */
    public boolean isCompiled() {
        calls.removeIf(call -> allocatedBytes(call) == 0);
        return calls.isEmpty();
    }

    private static long allocatedBytes(Runnable call) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Override
    public void close() {
        arena.close();
    }
}
