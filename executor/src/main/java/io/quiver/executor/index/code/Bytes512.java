package io.quiver.executor.index.code;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of unsigned bytes on vectors of 512 bits: inner products, residuals, decoding.
 *
 * <p>A sum takes turns between accumulators by handing them round, so that additions of one step need not wait for
 * those of the step before, and no step is left over. Lanes are added as a tree: {@code reduceLanes} leaves the order
 * open.
 */
final class Bytes512 {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final int LANES = FLOATS.length();

    private static final VectorShuffle<Float> SWAP_8 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 8);
    private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 4);
    private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 2);
    private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(FLOATS, lane -> lane ^ 1);

    private Bytes512() {}

    static float dot(MemorySegment memory, long row, float[] query) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        for (int i = 0; i < query.length; i += LANES) {
            FloatVector sum = floats(memory, row + i).fma(FloatVector.fromArray(FLOATS, query, i), sum0);
            sum0 = sum1;
            sum1 = sum;
        }
        return sum(sum0.add(sum1));
    }

    static void dots(MemorySegment memory, long row0, long row1, long row2, long row3, float[] query, float[] dots) {
        twoDots(memory, row0, row1, query, dots, 0);
        twoDots(memory, row2, row3, query, dots, 2);
    }

    /** Two rows share the loads of the query; four in one loop are more than the compiler is ready to inline. */
    private static void twoDots(MemorySegment memory, long row0, long row1, float[] query, float[] dots, int at) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        for (int i = 0; i < query.length; i += LANES) {
            FloatVector q = FloatVector.fromArray(FLOATS, query, i);
            sum0 = floats(memory, row0 + i).fma(q, sum0);
            sum1 = floats(memory, row1 + i).fma(q, sum1);
        }
        dots[at] = sum(sum0);
        dots[at + 1] = sum(sum1);
    }

    static void totals(float[] floats, float[] totals) {
        FloatVector sum = FloatVector.zero(FLOATS);
        FloatVector squares = FloatVector.zero(FLOATS);
        FloatVector absolute = FloatVector.zero(FLOATS);
        for (int i = 0; i < floats.length; i += LANES) {
            FloatVector values = FloatVector.fromArray(FLOATS, floats, i);
            sum = sum.add(values);
            squares = values.fma(values, squares);
            absolute = absolute.add(values.abs());
        }
        totals[0] = sum(sum);
        totals[1] = sum(squares);
        totals[2] = sum(absolute);
    }

    static void residual(
            MemorySegment memory, long row, float lower, float scale, float[] center, short[] bits, float[] sums) {
        FloatVector absolute = FloatVector.zero(FLOATS);
        FloatVector squares = FloatVector.zero(FLOATS);
        FloatVector signed = FloatVector.zero(FLOATS);
        for (int i = 0; i < center.length; i += LANES) {
            FloatVector c = FloatVector.fromArray(FLOATS, center, i);
            FloatVector r = floats(memory, row + i).mul(scale).add(lower).sub(c);
            VectorMask<Float> isPositive = r.compare(GE, 0f);
            absolute = absolute.add(r.abs());
            squares = r.fma(r, squares);
            signed = signed.add(c.neg().blend(c, isPositive));
            bits[i / LANES] = (short) isPositive.toLong();
        }
        sums[0] = sum(absolute);
        sums[1] = sum(squares);
        sums[2] = sum(signed);
    }

    static float decode(MemorySegment memory, long row, float lower, float scale, float[] floats) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < floats.length; i += LANES) {
            FloatVector values = floats(memory, row + i).mul(scale).add(lower);
            values.intoArray(floats, i);
            sum = sum.add(values);
        }
        return sum(sum);
    }

    /** Sixteen unsigned bytes as floats. */
    private static FloatVector floats(MemorySegment memory, long at) {
        return (FloatVector) ByteVector.fromMemorySegment(BYTES, memory, at, ORDER)
                .convertShape(ZERO_EXTEND_B2I, INTS, 0)
                .convert(I2F, 0);
    }

    private static float sum(FloatVector lanes) {
        FloatVector sum = lanes.add(lanes.rearrange(SWAP_8));
        sum = sum.add(sum.rearrange(SWAP_4));
        sum = sum.add(sum.rearrange(SWAP_2));
        return sum.add(sum.rearrange(SWAP_1)).lane(0);
    }
}
