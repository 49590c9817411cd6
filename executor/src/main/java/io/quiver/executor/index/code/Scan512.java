package io.quiver.executor.index.code;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The scan of a block where a line of 64 bytes is one vector: 64 entries, four groups of 16, are one table of a byte
 * shuffle.
 *
 * <p>Bytes of four lines add up before they are widened. Then all bytes of a kind are added as pairs, 16 bits wide and
 * wrapping, and those in upper bytes once more by themselves: taken from the former, they leave the sums of the lower
 * bytes.
 */
final class Scan512 {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final int LINE = 64;
    private static final ByteVector NIBBLES = ByteVector.broadcast(BYTES, 0x0F);

    /** Lanes of the same number use the same table. */
    private static final ByteVector GROUPS = groups();

    private static final VectorMask<Integer> UPPER_HALF = VectorMask.fromLong(INTS, 0xFF00L);
    private static final VectorMask<Integer> ODD_QUARTERS = VectorMask.fromLong(INTS, 0xF0F0L);
    private static final VectorShuffle<Integer> SWAP_HALVES = VectorShuffle.fromOp(INTS, lane -> lane ^ 8);
    private static final VectorShuffle<Integer> SWAP_QUARTERS = VectorShuffle.fromOp(INTS, lane -> lane ^ 4);

    private Scan512() {}

    /**
     * Adds up the entries of all slots, two to an int: 16 ints each of low nibbles in even bytes, of high ones there,
     * and of both in odd bytes; of each the four quarters of a line side by side.
     */
    static void sum(MemorySegment memory, long codes, byte[] table, int bytes, int[] sums) {
        ShortVector low = ShortVector.zero(SHORTS);
        ShortVector high = ShortVector.zero(SHORTS);
        ShortVector lowOdd = ShortVector.zero(SHORTS);
        ShortVector highOdd = ShortVector.zero(SHORTS);
        for (int turn = 0; turn < bytes; turn += CodeKernels.LINES_A_TURN * LINE) {
            ByteVector lowBytes = ByteVector.zero(BYTES);
            ByteVector highBytes = ByteVector.zero(BYTES);
            for (int i = 0; i < CodeKernels.LINES_A_TURN; i++) {
                int at = turn + i * LINE;
                ByteVector code = ByteVector.fromMemorySegment(BYTES, memory, codes + at, ORDER);
                ByteVector entries = ByteVector.fromArray(BYTES, table, at);
                lowBytes = lowBytes.add(low(code).selectFrom(entries));
                highBytes = highBytes.add(high(code).selectFrom(entries));
            }
            ShortVector lowPairs = lowBytes.reinterpretAsShorts();
            ShortVector highPairs = highBytes.reinterpretAsShorts();
            low = low.add(lowPairs);
            high = high.add(highPairs);
            lowOdd = lowOdd.add(lowPairs.lanewise(LSHR, 8));
            highOdd = highOdd.add(highPairs.lanewise(LSHR, 8));
        }
        low.sub(lowOdd.lanewise(LSHL, 8)).reinterpretAsInts().intoArray(sums, 0);
        high.sub(highOdd.lanewise(LSHL, 8)).reinterpretAsInts().intoArray(sums, 16);
        lowOdd.reinterpretAsInts().intoArray(sums, 32);
        highOdd.reinterpretAsInts().intoArray(sums, 48);
    }

    /** Indexes of the entries that low nibbles choose. */
    private static ByteVector low(ByteVector codes) {
        return codes.and(NIBBLES).or(GROUPS);
    }

    private static ByteVector high(ByteVector codes) {
        return low(codes.reinterpretAsShorts().lanewise(LSHR, 4).reinterpretAsBytes());
    }

    /** Estimates from the sums of {@link #sum}. */
    static int finish(
            MemorySegment memory,
            long factors,
            int[] quarters,
            float scale,
            float base,
            float center,
            float threshold,
            float[] estimates) {
        IntVector sums = addQuarters(quarters);
        FloatVector lowerSums = (FloatVector) sums.and(0xFFFF).convert(I2F, 0);
        FloatVector upperSums = (FloatVector) sums.lanewise(LSHR, 16).convert(I2F, 0);
        IntVector lowerFactors = IntVector.fromMemorySegment(INTS, memory, factors, ORDER);
        IntVector upperFactors = IntVector.fromMemorySegment(INTS, memory, factors + LINE, ORDER);
        FloatVector lower = estimate(lowerFactors, lowerSums, scale, base, center);
        FloatVector upper = estimate(upperFactors, upperSums, scale, base, center);
        lower.intoArray(estimates, 0);
        upper.intoArray(estimates, 16);
        return (int) (lower.lt(threshold).toLong() | upper.lt(threshold).toLong() << 16);
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

    /** {@code center + A + B * (scale * sum + base)} of some slots. */
    private static FloatVector estimate(IntVector factors, FloatVector sums, float scale, float base, float center) {
        FloatVector a = factors.and(0xFFFF0000).reinterpretAsFloats();
        FloatVector b = factors.lanewise(LSHL, 16).reinterpretAsFloats();
        return b.fma(sums.mul(scale).add(base), a.add(center));
    }

    private static ByteVector groups() {
        byte[] groups = new byte[LINE];
        for (int lane = 0; lane < LINE; lane++) {
            groups[lane] = (byte) (lane & 0x30);
        }
        return ByteVector.fromArray(BYTES, groups, 0);
    }
}
