package io.quiver.executor.index.code;

import static jdk.incubator.vector.VectorOperators.AND_NOT;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tables of queries on vectors of 512 bits, four groups at a time, rounded as {@link TableScale} says.
 *
 * <p>Each group has four lanes. They take the four sums that its first two components may add to an entry, and then
 * those of its last two; a byte shuffle hands all sixteen entries of the group their two summands. Positive floats are
 * compared and cut off at zero as ints, for the maximum of floats takes five instructions.
 */
final class Table512 {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final int LANES = FLOATS.length();

    private static final VectorShuffle<Float> FIRST = component(0);
    private static final VectorShuffle<Float> SECOND = component(1);
    private static final VectorShuffle<Float> THIRD = component(2);
    private static final VectorShuffle<Float> FOURTH = component(3);
    private static final VectorShuffle<Float> NEIGHBOR = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 1);
    private static final VectorShuffle<Float> OTHER_PAIR = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 2);

    private static final IntVector MINUS_BUT_1_3 = signs(1);
    private static final IntVector MINUS_BUT_2_3 = signs(2);
    private static final ByteVector FROM_FIRST_PAIR = summands(0);
    private static final ByteVector FROM_LAST_PAIR = summands(2);

    private Table512() {}

    /** The largest sum of absolute values of a group. */
    static float largestRange(float[] query) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < query.length; i += LANES) {
            FloatVector values = FloatVector.fromArray(FLOATS, query, i).abs();
            FloatVector pairs = values.add(values.rearrange(NEIGHBOR));
            largest = largest.max(pairs.add(pairs.rearrange(OTHER_PAIR)).reinterpretAsInts());
        }
        return Float.intBitsToFloat(largest.reduceLanes(MAX));
    }

    /** Writes the entries of all groups. */
    static void fill(float[] query, float factor, byte[] table) {
        for (int i = 0; i < query.length; i += LANES) {
            FloatVector values = FloatVector.fromArray(FLOATS, query, i).mul(factor);
            FloatVector firstPair = summand(values.rearrange(FIRST), MINUS_BUT_1_3)
                    .add(summand(values.rearrange(SECOND), MINUS_BUT_2_3))
                    .add(TableScale.ROUNDING_AND_HALF);
            FloatVector lastPair = summand(values.rearrange(THIRD), MINUS_BUT_1_3)
                    .add(summand(values.rearrange(FOURTH), MINUS_BUT_2_3))
                    .add(TableScale.ROUNDING);
            FROM_FIRST_PAIR
                    .selectFrom(firstPair.reinterpretAsBytes())
                    .add(FROM_LAST_PAIR.selectFrom(lastPair.reinterpretAsBytes()))
                    .reinterpretAsInts()
                    .lanewise(LSHR, TableScale.QUARTER_BITS)
                    .and(0x3F3F3F3F)
                    .reinterpretAsBytes()
                    .intoArray(table, i * CodeKernels.GROUP);
        }
    }

    /** What a component adds to an entry: its value by the sign of the entry's bit, at least zero. */
    private static FloatVector summand(FloatVector component, IntVector signs) {
        IntVector signed = component.reinterpretAsInts().lanewise(XOR, signs);
        return signed.lanewise(AND_NOT, signed.lanewise(ASHR, 31)).reinterpretAsFloats();
    }

    private static VectorShuffle<Float> component(int number) {
        return VectorShuffle.fromOp(FLOATS, lane -> (lane & -CodeKernels.GROUP) + number);
    }

    /** The sign bit in all lanes without this bit. */
    private static IntVector signs(int bit) {
        int[] signs = new int[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            signs[lane] = (lane & bit) == 0 ? Integer.MIN_VALUE : 0;
        }
        return IntVector.fromArray(INTS, signs, 0);
    }

    /** For each entry the byte of its group's lane that two of its bits choose. */
    private static ByteVector summands(int firstBit) {
        byte[] bytes = new byte[BYTES.length()];
        for (int entry = 0; entry < bytes.length; entry++) {
            int lane = entry / 16 * CodeKernels.GROUP + (entry >> firstBit & 3);
            bytes[entry] = (byte) (lane * Integer.BYTES);
        }
        return ByteVector.fromArray(BYTES, bytes, 0);
    }
}
