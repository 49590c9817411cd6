package io.quiver.executor.index.code;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on the processor's vectors, at most 512 bits wide. Products add up within shorts, and are widened just before
 * these could overflow. Loops are static and small because a compiler that gives up on one of them boxes every vector.
 */
final class VectorNibbleKernels implements NibbleKernels {
    private static final VectorSpecies<Short> SPECIES = species(KernelSetting.ofProcess());
    private static final int LANES = SPECIES.length();
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final short NIBBLE = 0x0F;

    /** Shorts of a query, four to each short of a row, that are taken before sums are widened. */
    private static final int TURN = DIMENSIONS_A_LINE * LANES / SHORTS * (PRODUCTS_MAX / 4);

    @Override
    public void dots(MemorySegment memory, long row0, long row1, long row2, long row3, short[] query, int[] dots) {
        dots[0] = dot(memory, row0, query);
        dots[1] = dot(memory, row1, query);
        dots[2] = dot(memory, row2, query);
        dots[3] = dot(memory, row3, query);
    }

    /** Of one row; four in one method would be more than the compiler is ready to inline. */
    private static int dot(MemorySegment memory, long row, short[] query) {
        IntVector sum = IntVector.zero(INTS);
        for (int from = 0; from < query.length; from += TURN) {
            sum = sum.add(turn(memory, row, query, from, Math.min(query.length, from + TURN)));
        }
        return sum.reduceLanes(VectorOperators.ADD);
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

    private static VectorSpecies<Short> species(KernelSetting setting) {
        VectorSpecies<Short> widest =
                setting == KernelSetting.VECTOR_256 ? ShortVector.SPECIES_256 : ShortVector.SPECIES_512;
        VectorSpecies<Short> preferred = ShortVector.SPECIES_PREFERRED;
        return preferred.length() > widest.length() ? widest : preferred;
    }
}
