package io.quiver.executor.index.code;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums of what the bits of rows choose, on vectors of 512 bits. */
final class Signs512 {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final int LANES = LONGS.length();

    private Signs512() {}

    static void addChosen(MemorySegment memory, long[] rows, int from, int to, long[] planes, int[] sums) {
        for (int i = from; i < to; i++) {
            sums[i] = chosen(memory, rows[i], planes);
        }
    }

    private static int chosen(MemorySegment memory, long row, long[] planes) {
        int words = planes.length / CodeKernels.PLANES;
        LongVector ones = LongVector.zero(LONGS);
        LongVector twos = LongVector.zero(LONGS);
        LongVector fours = LongVector.zero(LONGS);
        LongVector eights = LongVector.zero(LONGS);
        for (int word = 0; word < words; word += LANES) {
            LongVector bits = LongVector.fromMemorySegment(LONGS, memory, row + (long) Long.BYTES * word, ORDER);
            ones = ones.add(count(bits, planes, word));
            twos = twos.add(count(bits, planes, words + word));
            fours = fours.add(count(bits, planes, 2 * words + word));
            eights = eights.add(count(bits, planes, 3 * words + word));
        }
        LongVector less = ones.add(twos.lanewise(LSHL, 1)).add(fours.lanewise(LSHL, 2));
        return (int) less.sub(eights.lanewise(LSHL, 3)).reduceLanes(ADD);
    }

    private static LongVector count(LongVector bits, long[] planes, int at) {
        return bits.and(LongVector.fromArray(LONGS, planes, at)).lanewise(BIT_COUNT);
    }
}
