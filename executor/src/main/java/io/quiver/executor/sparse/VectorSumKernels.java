package io.quiver.executor.sparse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** As many rows at once as the processor's vectors have floats. */
final class VectorSumKernels implements SumKernels {
    /** There are no shorter vectors. */
    private static final int SHORTEST_BITS = 64;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> CODES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(SHORTEST_BITS, FLOATS.length() * Byte.SIZE)));

    @Override
    public void addDense(float[] sums, int from, int to, MemorySegment memory, long codesAt, float factor) {
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        for (int row = from; row < to; row += FLOATS.length()) {
            ByteVector codes = ByteVector.fromMemorySegment(CODES, memory, codesAt + row, ByteOrder.LITTLE_ENDIAN);
            FloatVector weights = (FloatVector) codes.convertShape(VectorOperators.B2F, FLOATS, 0);
            weights.fma(factors, FloatVector.fromArray(FLOATS, sums, row)).intoArray(sums, row);
        }
    }

    @Override
    public int list(float[] sums, int from, int to, float bound, int[] found) {
        FloatVector least = FloatVector.broadcast(FLOATS, Math.max(bound, Float.MIN_VALUE));
        int count = 0;
        for (int row = from; row < to; row += FLOATS.length()) {
            long lanes = FloatVector.fromArray(FLOATS, sums, row)
                    .compare(VectorOperators.GE, least)
                    .toLong();
            for (; lanes != 0; lanes &= lanes - 1) {
                found[count++] = row + Long.numberOfTrailingZeros(lanes);
            }
        }
        return count;
    }
}
