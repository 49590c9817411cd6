package io.quiver.executor.index.code;

import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on vectors of 512 bits. A line of codes is one vector, and a byte shuffle looks up 64 nibbles at once.
 *
 * <p>Loops are static and small because a compiler that gives up on one of them boxes every vector, a thousand times
 * slower.
 */
final class VectorCodeKernels implements CodeKernels {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Byte> QUARTER = ByteVector.SPECIES_128;
    private static final int LANES = 16;
    /** Added to a small float, it leaves the nearest integer in the low bits. */
    private static final float ROUNDING = 1 << 23;

    private static final ByteVector GROUPS = groups();
    private static final VectorMask<Integer> UPPER_HALF = VectorMask.fromLong(INTS, 0xFF00L);
    private static final VectorMask<Integer> ODD_QUARTERS = VectorMask.fromLong(INTS, 0xF0F0L);
    private static final VectorShuffle<Integer> SWAP_HALVES = VectorShuffle.fromOp(INTS, lane -> lane ^ 8);
    private static final VectorShuffle<Integer> SWAP_QUARTERS = VectorShuffle.fromOp(INTS, lane -> lane ^ 4);

    private static final FloatVector[] SIGNS = signs();

    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final FloatVector SIGN_8 = alternating(8);
    private static final FloatVector SIGN_4 = alternating(4);
    private static final FloatVector SIGN_2 = alternating(2);
    private static final FloatVector SIGN_1 = alternating(1);

    @Override
    public String name() {
        return "vector-512";
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
        sum(memory, codes, table, lines, sums);
        return finish(memory, factors, sums, scale, base, center, threshold, estimates);
    }

    /**
     * Adds up the entries of all slots, two a lane: first those of low nibbles in even bytes, then of high ones there, then the
     * odd bytes; of each the four quarters of a line side by side. Four lines add up within bytes before they are widened.
     */
    private static void sum(MemorySegment memory, long codes, byte[] table, int lines, int[] sums) {
        IntVector lowEven = IntVector.zero(INTS);
        IntVector lowOdd = IntVector.zero(INTS);
        IntVector highEven = IntVector.zero(INTS);
        IntVector highOdd = IntVector.zero(INTS);
        ByteVector groups = GROUPS;
        for (int line = 0; line < lines; line += LINES_A_TURN) {
            ByteVector low = ByteVector.zero(BYTES);
            ByteVector high = ByteVector.zero(BYTES);
            for (int i = 0; i < LINES_A_TURN; i++) {
                ByteVector code = ByteVector.fromMemorySegment(BYTES, memory, codes + 64L * (line + i), ORDER);
                ByteVector entries = ByteVector.fromArray(BYTES, table, 64 * (line + i));
                low = low.add(low(code, groups).selectFrom(entries));
                high = high.add(high(code, groups).selectFrom(entries));
            }
            lowEven = lowEven.add(even(low));
            lowOdd = lowOdd.add(odd(low));
            highEven = highEven.add(even(high));
            highOdd = highOdd.add(odd(high));
        }
        lowEven.intoArray(sums, 0);
        highEven.intoArray(sums, 16);
        lowOdd.intoArray(sums, 32);
        highOdd.intoArray(sums, 48);
    }

    private static ByteVector low(ByteVector codes, ByteVector groups) {
        return codes.lanewise(AND, (byte) 0x0F).or(groups);
    }

    private static ByteVector high(ByteVector codes, ByteVector groups) {
        return low(codes.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes(), groups);
    }

    private static IntVector even(ByteVector bytes) {
        return bytes.reinterpretAsInts().lanewise(AND, 0x00FF00FF);
    }

    private static IntVector odd(ByteVector bytes) {
        return bytes.reinterpretAsInts().lanewise(LSHR, 8).lanewise(AND, 0x00FF00FF);
    }

    private static int finish(
            MemorySegment memory,
            long factors,
            int[] quarters,
            float scale,
            float base,
            float center,
            float threshold,
            float[] estimates) {
        IntVector sums = addQuarters(quarters);
        FloatVector lowerSums = (FloatVector) sums.lanewise(AND, 0xFFFF).convert(VectorOperators.I2F, 0);
        FloatVector upperSums = (FloatVector) sums.lanewise(LSHR, 16).convert(VectorOperators.I2F, 0);
        FloatVector lower = estimate(memory, factors, lowerSums, scale, base, center);
        FloatVector upper = estimate(memory, factors + 64, upperSums, scale, base, center);
        lower.intoArray(estimates, 0);
        upper.intoArray(estimates, 16);
        long near = lower.lt(threshold).toLong() | upper.lt(threshold).toLong() << 16;
        return (int) near;
    }

    /** Adds the quarters of each sixteen; quarters of the result are those sums. */
    private static IntVector addQuarters(int[] quarters) {
        IntVector first = IntVector.fromArray(INTS, quarters, 0);
        IntVector second = IntVector.fromArray(INTS, quarters, 16);
        IntVector third = IntVector.fromArray(INTS, quarters, 32);
        IntVector fourth = IntVector.fromArray(INTS, quarters, 48);
        IntVector firstAndThird = first.blend(third, UPPER_HALF)
                .add(third.blend(first, UPPER_HALF).rearrange(SWAP_HALVES));
        IntVector secondAndFourth = second.blend(fourth, UPPER_HALF)
                .add(fourth.blend(second, UPPER_HALF).rearrange(SWAP_HALVES));
        return firstAndThird
                .blend(secondAndFourth, ODD_QUARTERS)
                .add(secondAndFourth.blend(firstAndThird, ODD_QUARTERS).rearrange(SWAP_QUARTERS));
    }

    private static FloatVector estimate(
            MemorySegment memory, long factors, FloatVector sums, float scale, float base, float center) {
        IntVector packed = IntVector.fromMemorySegment(INTS, memory, factors, ORDER);
        FloatVector a = packed.lanewise(AND, 0xFFFF0000).reinterpretAsFloats();
        FloatVector b = packed.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
        FloatVector product = sums.mul(scale).add(base);
        return b.fma(product, a.add(center));
    }

    @Override
    public float fillTable(float[] query, byte[] table) {
        float largest = largestSum(query);
        float scale = largest == 0 ? 1 : 2 * largest / TABLE_MAX;
        fill(query, table, 1 / scale);
        return scale;
    }

    /** The largest sum of absolute values of four components. */
    private static float largestSum(float[] query) {
        FloatVector largest = FloatVector.zero(FLOATS);
        for (int i = 0; i < query.length; i += LANES) {
            FloatVector values = FloatVector.fromArray(FLOATS, query, i).abs();
            values = values.add(values.rearrange(SWAP_1));
            values = values.add(values.rearrange(SWAP_2));
            largest = largest.max(values);
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    private static void fill(float[] query, byte[] table, float inverse) {
        FloatVector bit0 = SIGNS[0];
        FloatVector bit1 = SIGNS[1];
        FloatVector bit2 = SIGNS[2];
        FloatVector bit3 = SIGNS[3];
        for (int i = 0; i < query.length; i += 4) {
            float q0 = query[i];
            float q1 = query[i + 1];
            float q2 = query[i + 2];
            float q3 = query[i + 3];
            float range = Math.abs(q0) + Math.abs(q1) + Math.abs(q2) + Math.abs(q3);
            FloatVector sums = bit0.mul(q0 * inverse)
                    .add(bit1.mul(q1 * inverse))
                    .add(bit2.mul(q2 * inverse).add(bit3.mul(q3 * inverse)))
                    .add(range * inverse)
                    .add(ROUNDING);
            ByteVector entries = (ByteVector) sums.reinterpretAsInts().convertShape(VectorOperators.I2B, QUARTER, 0);
            entries.intoArray(table, 4 * i);
        }
    }

    @Override
    public float dotBytes(MemorySegment memory, long row, float[] query) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + 32 <= query.length; i += 32) {
            sum0 = bytes(memory, row + i).fma(FloatVector.fromArray(FLOATS, query, i), sum0);
            sum1 = bytes(memory, row + i + 16).fma(FloatVector.fromArray(FLOATS, query, i + 16), sum1);
        }
        if (i < query.length) {
            sum0 = bytes(memory, row + i).fma(FloatVector.fromArray(FLOATS, query, i), sum0);
        }
        return sum(sum0.add(sum1));
    }

    @Override
    public void dotBytes(
            MemorySegment memory, long row0, long row1, long row2, long row3, float[] query, float[] dots) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        for (int i = 0; i < query.length; i += LANES) {
            FloatVector q = FloatVector.fromArray(FLOATS, query, i);
            sum0 = bytes(memory, row0 + i).fma(q, sum0);
            sum1 = bytes(memory, row1 + i).fma(q, sum1);
            sum2 = bytes(memory, row2 + i).fma(q, sum2);
            sum3 = bytes(memory, row3 + i).fma(q, sum3);
        }
        dots[0] = sum(sum0);
        dots[1] = sum(sum1);
        dots[2] = sum(sum2);
        dots[3] = sum(sum3);
    }

    /** Sixteen unsigned bytes as floats. */
    private static FloatVector bytes(MemorySegment memory, long at) {
        return (FloatVector) ((IntVector) ByteVector.fromMemorySegment(QUARTER, memory, at, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                .convert(VectorOperators.I2F, 0);
    }

    @Override
    public void residual(
            MemorySegment memory, long row, float lower, float scale, float[] center, short[] bits, float[] sums) {
        FloatVector absolute = FloatVector.zero(FLOATS);
        FloatVector squares = FloatVector.zero(FLOATS);
        FloatVector signed = FloatVector.zero(FLOATS);
        for (int i = 0; i < center.length; i += LANES) {
            FloatVector c = FloatVector.fromArray(FLOATS, center, i);
            FloatVector r = bytes(memory, row + i).mul(scale).add(lower).sub(c);
            VectorMask<Float> isPositive = r.compare(VectorOperators.GE, 0f);
            absolute = absolute.add(r.abs());
            squares = r.fma(r, squares);
            signed = signed.add(c.neg().blend(c, isPositive));
            bits[i / LANES] = (short) isPositive.toLong();
        }
        sums[0] = sum(absolute);
        sums[1] = sum(squares);
        sums[2] = sum(signed);
    }

    @Override
    public float decode(MemorySegment memory, long row, float lower, float scale, float[] floats) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < floats.length; i += LANES) {
            FloatVector value = bytes(memory, row + i).mul(scale).add(lower);
            value.intoArray(floats, i);
            sum = sum.add(value);
        }
        return sum(sum);
    }

    @Override
    public int countSmaller(long[] keys, int from, long key) {
        return LongVector.fromArray(LONGS, keys, from).lt(key).trueCount()
                + LongVector.fromArray(LONGS, keys, from + 8).lt(key).trueCount()
                + LongVector.fromArray(LONGS, keys, from + 16).lt(key).trueCount()
                + LongVector.fromArray(LONGS, keys, from + 24).lt(key).trueCount();
    }

    @Override
    public int indexOf(long[] keys, int from, int to, int node) {
        for (int i = from; i < to; i += 8) {
            int lane = LongVector.fromArray(LONGS, keys, i)
                    .lanewise(VectorOperators.LSHL, 32)
                    .eq((long) node << 32)
                    .firstTrue();
            if (lane < 8) {
                return i + lane;
            }
        }
        return to;
    }

    @Override
    public void hadamard(float[] floats, int from, int length) {
        for (int half = length / 2; half >= LANES; half /= 2) {
            butterflies(floats, from, length, half);
        }
        for (int i = from; i < from + length; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, floats, i);
            v = v.fma(SIGN_8, v.rearrange(SWAP_8));
            v = v.fma(SIGN_4, v.rearrange(SWAP_4));
            v = v.fma(SIGN_2, v.rearrange(SWAP_2));
            v = v.fma(SIGN_1, v.rearrange(SWAP_1));
            v.intoArray(floats, i);
        }
    }

    private static void butterflies(float[] floats, int from, int length, int half) {
        for (int block = from; block < from + length; block += 2 * half) {
            for (int i = block; i < block + half; i += LANES) {
                FloatVector a = FloatVector.fromArray(FLOATS, floats, i);
                FloatVector b = FloatVector.fromArray(FLOATS, floats, i + half);
                a.add(b).intoArray(floats, i);
                a.sub(b).intoArray(floats, i + half);
            }
        }
    }

    /** Adds the lanes as a tree: halves onto each other until one is left. */
    private static float sum(FloatVector lanes) {
        FloatVector sum = lanes.add(lanes.rearrange(SWAP_8));
        sum = sum.add(sum.rearrange(SWAP_4));
        sum = sum.add(sum.rearrange(SWAP_2));
        return sum.add(sum.rearrange(SWAP_1)).lane(0);
    }

    private static ByteVector groups() {
        byte[] groups = new byte[BYTES.length()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (byte) (i & 0x30);
        }
        return ByteVector.fromArray(BYTES, groups, 0);
    }

    private static FloatVector[] signs() {
        FloatVector[] signs = new FloatVector[4];
        for (int bit = 0; bit < 4; bit++) {
            float[] sign = new float[LANES];
            for (int pattern = 0; pattern < LANES; pattern++) {
                sign[pattern] = (pattern >> bit & 1) == 1 ? 1 : -1;
            }
            signs[bit] = FloatVector.fromArray(FLOATS, sign, 0);
        }
        return signs;
    }

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(FLOATS, lane -> lane ^ distance);
    }

    private static FloatVector alternating(int distance) {
        float[] sign = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            sign[i] = (i & distance) == 0 ? 1 : -1;
        }
        return FloatVector.fromArray(FLOATS, sign, 0);
    }
}
