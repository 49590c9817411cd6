package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Plain loops that run anywhere. Four sums a row, so that an addition need not wait for the one before. */
final class ScalarKernels implements Kernels {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void dots(MemorySegment rows, long[] offsets, int count, float[] query, float[] sums) {
        for (int i = 0; i < count; i++) {
            sums[i] = dot(rows, offsets[i], query);
        }
    }

    @Override
    public void squares(MemorySegment rows, long[] offsets, int count, float[] query, float[] sums) {
        for (int i = 0; i < count; i++) {
            sums[i] = square(rows, offsets[i], query);
        }
    }

    @Override
    public void dots(MemorySegment[] memories, long[] offsets, int count, float[] query, float[] sums) {
        for (int i = 0; i < count; i++) {
            sums[i] = dot(memories[i], offsets[i], query);
        }
    }

    @Override
    public void squares(MemorySegment[] memories, long[] offsets, int count, float[] query, float[] sums) {
        for (int i = 0; i < count; i++) {
            sums[i] = square(memories[i], offsets[i], query);
        }
    }

    @Override
    public void dots(
            MemorySegment rows,
            long[] offsets,
            int count,
            float[] query,
            float[] sums,
            float[] secondQuery,
            float[] secondSums) {
        dots(rows, offsets, count, query, sums);
        dots(rows, offsets, count, secondQuery, secondSums);
    }

    @Override
    public void squares(
            MemorySegment rows,
            long[] offsets,
            int count,
            float[] query,
            float[] sums,
            float[] secondQuery,
            float[] secondSums) {
        squares(rows, offsets, count, query, sums);
        squares(rows, offsets, count, secondQuery, secondSums);
    }

    private static float dot(MemorySegment rows, long offset, float[] query) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int i = 0; i < query.length; i += 4) {
            long at = offset + (long) i * Float.BYTES;
            sum0 += rows.get(FLOAT, at) * query[i];
            sum1 += rows.get(FLOAT, at + 4) * query[i + 1];
            sum2 += rows.get(FLOAT, at + 8) * query[i + 2];
            sum3 += rows.get(FLOAT, at + 12) * query[i + 3];
        }
        return (sum0 + sum2) + (sum1 + sum3);
    }

    private static float square(MemorySegment rows, long offset, float[] query) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int i = 0; i < query.length; i += 4) {
            long at = offset + (long) i * Float.BYTES;
            float difference0 = rows.get(FLOAT, at) - query[i];
            float difference1 = rows.get(FLOAT, at + 4) - query[i + 1];
            float difference2 = rows.get(FLOAT, at + 8) - query[i + 2];
            float difference3 = rows.get(FLOAT, at + 12) - query[i + 3];
            sum0 += difference0 * difference0;
            sum1 += difference1 * difference1;
            sum2 += difference2 * difference2;
            sum3 += difference3 * difference3;
        }
        return (sum0 + sum2) + (sum1 + sum3);
    }
}
