package io.quiver.executor.index.code;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on the processor's vectors, at most 512 bits wide. Products add up within shorts, and are widened just before these
 * could overflow. Loops are static and small because a compiler that gives up on one of them boxes every vector.
 */
final class VectorNibbleKernels implements NibbleKernels {
    private static final VectorSpecies<Short> SPECIES =
            ShortVector.SPECIES_PREFERRED.length() > SHORTS ? ShortVector.SPECIES_512 : ShortVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final short NIBBLE = 0x0F;

    /** Shorts of a query, four to each short of a row, that are taken before sums are widened. */
    private static final int TURN = DIMENSIONS_A_LINE * LANES / SHORTS * (PRODUCTS_MAX / 4);

    @Override
    public void dots(MemorySegment memory, long row0, long row1, long row2, long row3, short[] query, int[] dots) {
        IntVector sum0 = IntVector.zero(INTS);
        IntVector sum1 = IntVector.zero(INTS);
        IntVector sum2 = IntVector.zero(INTS);
        IntVector sum3 = IntVector.zero(INTS);
        for (int from = 0; from < query.length; from += TURN) {
            int to = Math.min(query.length, from + TURN);
            sum0 = sum0.add(turn(memory, row0, query, from, to));
            sum1 = sum1.add(turn(memory, row1, query, from, to));
            sum2 = sum2.add(turn(memory, row2, query, from, to));
            sum3 = sum3.add(turn(memory, row3, query, from, to));
        }
        dots[0] = sum0.reduceLanes(VectorOperators.ADD);
        dots[1] = sum1.reduceLanes(VectorOperators.ADD);
        dots[2] = sum2.reduceLanes(VectorOperators.ADD);
        dots[3] = sum3.reduceLanes(VectorOperators.ADD);
    }

    /** Products of some lines of a row, as ints. */
    private static IntVector turn(MemorySegment memory, long row, short[] query, int from, int to) {
        ShortVector sum = ShortVector.zero(SPECIES);
        for (int line = from; line < to; line += DIMENSIONS_A_LINE) {
            for (int i = 0; i < SHORTS; i += LANES) {
                sum = sum.add(products(memory, row + line / 2 + 2L * i, query, line + i));
            }
        }
        IntVector pairs = sum.reinterpretAsInts();
        IntVector low = pairs.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
        return low.add(pairs.lanewise(VectorOperators.ASHR, 16));
    }

    private static ShortVector products(MemorySegment memory, long at, short[] query, int from) {
        ShortVector codes = ShortVector.fromMemorySegment(SPECIES, memory, at, ORDER);
        ShortVector first = codes.lanewise(VectorOperators.AND, NIBBLE).mul(query(query, from));
        ShortVector second = codes.lanewise(VectorOperators.LSHR, 4)
                .lanewise(VectorOperators.AND, NIBBLE)
                .mul(query(query, from + SHORTS));
        ShortVector third = codes.lanewise(VectorOperators.LSHR, 8)
                .lanewise(VectorOperators.AND, NIBBLE)
                .mul(query(query, from + 2 * SHORTS));
        ShortVector fourth = codes.lanewise(VectorOperators.LSHR, 12).mul(query(query, from + 3 * SHORTS));
        return first.add(second).add(third.add(fourth));
    }

    private static ShortVector query(short[] query, int from) {
        return ShortVector.fromArray(SPECIES, query, from);
    }
}
