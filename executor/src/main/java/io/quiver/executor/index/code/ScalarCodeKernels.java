package io.quiver.executor.index.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Plain loops: what the others are tested against, and what runs anywhere. */
final class ScalarCodeKernels implements CodeKernels {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int scan(
            MemorySegment memory,
            long codes,
            long factors,
            byte[] table,
            int lines,
            float scale,
            float base,
            float center,
            float threshold,
            int[] sums,
            float[] estimates) {
        int near = 0;
        for (int slot = 0; slot < BLOCK; slot++) {
            int factor = memory.get(INT, factors + 4L * slot);
            float a = Float.intBitsToFloat(factor & 0xFFFF0000);
            float b = Float.intBitsToFloat(factor << 16);
            float product = sum(memory, codes, table, lines, slot) * scale + base;
            estimates[slot] = Math.fma(b, product, a + center);
            if (estimates[slot] < threshold) {
                near |= 1 << slot;
            }
        }
        return near;
    }

    private static int sum(MemorySegment memory, long codes, byte[] table, int lines, int slot) {
        int shift = CodeKernels.isHighNibble(slot) ? 4 : 0;
        int sum = 0;
        for (int group = 0; group < 4 * lines; group++) {
            int code = memory.get(BYTE, codes + 16L * group + CodeKernels.byteOfSlot(slot)) >> shift & 0x0F;
            sum += table[16 * group + code];
        }
        return sum;
    }

    @Override
    public float fillTable(float[] query, byte[] table) {
        float largest = 0;
        for (int i = 0; i < query.length; i += GROUP) {
            largest = Math.max(largest, range(query, i));
        }
        float scale = TableScale.of(largest, query.length);
        for (int i = 0; i < query.length; i += GROUP) {
            fillGroup(query, i, TableScale.factor(scale), table);
        }
        return scale;
    }

    /** Adds in pairs, as the vectors do. */
    private static float range(float[] query, int from) {
        float first = Math.abs(query[from]) + Math.abs(query[from + 1]);
        return first + (Math.abs(query[from + 2]) + Math.abs(query[from + 3]));
    }

    private static void fillGroup(float[] query, int from, float factor, byte[] table) {
        for (int pattern = 0; pattern < 16; pattern++) {
            float first = summand(query[from] * factor, pattern & 1) + summand(query[from + 1] * factor, pattern & 2);
            float last =
                    summand(query[from + 2] * factor, pattern & 4) + summand(query[from + 3] * factor, pattern & 8);
            int quarters = lowBits(first + TableScale.ROUNDING_AND_HALF) + lowBits(last + TableScale.ROUNDING);
            table[from * GROUP + pattern] = (byte) (quarters >> TableScale.QUARTER_BITS);
        }
    }

    private static float summand(float component, int bit) {
        return Math.max(0, bit == 0 ? -component : component);
    }

    private static int lowBits(float rounded) {
        return Float.floatToRawIntBits(rounded) & 0xFF;
    }

    @Override
    public void totals(float[] floats, float[] totals) {
        Arrays.fill(totals, 0, 3, 0);
        for (float value : floats) {
            totals[0] += value;
            totals[1] = Math.fma(value, value, totals[1]);
            totals[2] += Math.abs(value);
        }
    }

    @Override
    public float dotBytes(MemorySegment memory, long row, float[] query) {
        float sum = 0;
        for (int i = 0; i < query.length; i++) {
            sum = Math.fma(unsigned(memory, row + i), query[i], sum);
        }
        return sum;
    }

    @Override
    public void dotBytes(
            MemorySegment memory, long row0, long row1, long row2, long row3, float[] query, float[] dots) {
        dots[0] = dotBytes(memory, row0, query);
        dots[1] = dotBytes(memory, row1, query);
        dots[2] = dotBytes(memory, row2, query);
        dots[3] = dotBytes(memory, row3, query);
    }

    @Override
    public void residual(
            MemorySegment memory, long row, float lower, float scale, float[] center, short[] bits, float[] sums) {
        float absolute = 0;
        float squares = 0;
        float signed = 0;
        for (int i = 0; i < center.length; i++) {
            float r = unsigned(memory, row + i) * scale + lower - center[i];
            boolean isPositive = r >= 0;
            absolute += Math.abs(r);
            squares = Math.fma(r, r, squares);
            signed += isPositive ? center[i] : -center[i];
            int bit = 1 << (i & 15);
            bits[i >> 4] = (short) (isPositive ? bits[i >> 4] | bit : bits[i >> 4] & ~bit);
        }
        sums[0] = absolute;
        sums[1] = squares;
        sums[2] = signed;
    }

    @Override
    public float decode(MemorySegment memory, long row, float lower, float scale, float[] floats) {
        float sum = 0;
        for (int i = 0; i < floats.length; i++) {
            floats[i] = unsigned(memory, row + i) * scale + lower;
            sum += floats[i];
        }
        return sum;
    }

    @Override
    public void addChosen(MemorySegment memory, long[] rows, int from, int to, long[] planes, int[] sums) {
        int words = planes.length / PLANES;
        for (int i = from; i < to; i++) {
            int sum = 0;
            for (int word = 0; word < words; word++) {
                long bits = memory.get(LONG, rows[i] + (long) Long.BYTES * word);
                sum += Long.bitCount(bits & planes[word])
                        + 2 * Long.bitCount(bits & planes[words + word])
                        + 4 * Long.bitCount(bits & planes[2 * words + word])
                        - 8 * Long.bitCount(bits & planes[3 * words + word]);
            }
            sums[i] = sum;
        }
    }

    @Override
    public int countSmaller(long[] keys, int from, long key) {
        int count = 0;
        for (int i = from; i < from + WINDOW; i++) {
            count += keys[i] < key ? 1 : 0;
        }
        return count;
    }

    @Override
    public int indexOf(long[] keys, int from, int to, int node) {
        int i = from;
        while (i < to && (int) keys[i] != node) {
            i++;
        }
        return i;
    }

    private static float unsigned(MemorySegment memory, long at) {
        return memory.get(BYTE, at) & 0xFF;
    }

    @Override
    public void flipAndTransform(float[] floats, float[] signs, int from, int length) {
        for (int i = 0; i < length; i++) {
            floats[from + i] *= signs[i];
        }
        for (int half = length / 2; half >= 1; half /= 2) {
            for (int block = from; block < from + length; block += 2 * half) {
                butterflies(floats, block, half);
            }
        }
    }

    private static void butterflies(float[] floats, int from, int half) {
        for (int i = from; i < from + half; i++) {
            float first = floats[i];
            float second = floats[i + half];
            floats[i] = first + second;
            floats[i + half] = first - second;
        }
    }
}
