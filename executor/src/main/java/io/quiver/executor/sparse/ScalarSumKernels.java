package io.quiver.executor.sparse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Plain loops. */
final class ScalarSumKernels implements SumKernels {
    @Override
    public void addDense(float[] sums, int from, int to, MemorySegment memory, long codesAt, float factor) {
        for (int row = from; row < to; row++) {
            sums[row] += factor * memory.get(ValueLayout.JAVA_BYTE, codesAt + row);
        }
    }

    @Override
    public int list(float[] sums, int from, int to, float bound, int[] found) {
        int count = 0;
        for (int row = from; row < to; row++) {
            if (sums[row] > 0 && sums[row] >= bound) {
                found[count++] = row;
            }
        }
        return count;
    }
}
