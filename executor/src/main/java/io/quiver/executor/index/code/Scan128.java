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
import jdk.incubator.vector.VectorSpecies;

/**
 * The scan of a block by vectors of 16 bytes, one group each, whose 16 entries are the table of a byte shuffle. Every
 * processor with vectors has that instruction; with 32 bytes, one without AVX-512 needs six for it and is slower.
 *
 * <p>A lookup takes the index modulo 16, so that nibbles need no mask. Bytes of four groups, one line, add up before
 * they are widened, as {@link Scan512} explains.
 */
final class Scan128 {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_128;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_128;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128;
    private static final int LINE = 64;
    private static final int WIDTH = 16;

    private Scan128() {}

    /**
     * Adds up the entries of all slots, two to an int: 4 ints each of low nibbles in even bytes, of high ones there,
     * and of both in odd bytes.
     */
    static void sum(MemorySegment memory, long codes, byte[] table, int bytes, int[] sums) {
        ShortVector low = ShortVector.zero(SHORTS);
        ShortVector high = ShortVector.zero(SHORTS);
        ShortVector lowOdd = ShortVector.zero(SHORTS);
        ShortVector highOdd = ShortVector.zero(SHORTS);
        for (int at = 0; at < bytes; at += LINE) {
            ByteVector code0 = ByteVector.fromMemorySegment(BYTES, memory, codes + at, ORDER);
            ByteVector code1 = ByteVector.fromMemorySegment(BYTES, memory, codes + at + WIDTH, ORDER);
            ByteVector code2 = ByteVector.fromMemorySegment(BYTES, memory, codes + at + 2 * WIDTH, ORDER);
            ByteVector code3 = ByteVector.fromMemorySegment(BYTES, memory, codes + at + 3 * WIDTH, ORDER);
            ByteVector entries0 = ByteVector.fromArray(BYTES, table, at);
            ByteVector entries1 = ByteVector.fromArray(BYTES, table, at + WIDTH);
            ByteVector entries2 = ByteVector.fromArray(BYTES, table, at + 2 * WIDTH);
            ByteVector entries3 = ByteVector.fromArray(BYTES, table, at + 3 * WIDTH);
            ShortVector lowPairs = code0.selectFrom(entries0)
                    .add(code1.selectFrom(entries1))
                    .add(code2.selectFrom(entries2))
                    .add(code3.selectFrom(entries3))
                    .reinterpretAsShorts();
            ShortVector highPairs = high(code0)
                    .selectFrom(entries0)
                    .add(high(code1).selectFrom(entries1))
                    .add(high(code2).selectFrom(entries2))
                    .add(high(code3).selectFrom(entries3))
                    .reinterpretAsShorts();
            low = low.add(lowPairs);
            high = high.add(highPairs);
            lowOdd = lowOdd.add(lowPairs.lanewise(LSHR, 8));
            highOdd = highOdd.add(highPairs.lanewise(LSHR, 8));
        }
        low.sub(lowOdd.lanewise(LSHL, 8)).reinterpretAsInts().intoArray(sums, 0);
        high.sub(highOdd.lanewise(LSHL, 8)).reinterpretAsInts().intoArray(sums, 4);
        lowOdd.reinterpretAsInts().intoArray(sums, 8);
        highOdd.reinterpretAsInts().intoArray(sums, 12);
    }

    private static ByteVector high(ByteVector codes) {
        return codes.reinterpretAsShorts().lanewise(LSHR, 4).reinterpretAsBytes();
    }

    /** Estimates from the sums of {@link #sum}. */
    static int finish(
            MemorySegment memory,
            long factors,
            int[] sums,
            float scale,
            float base,
            float center,
            float threshold,
            float[] estimates) {
        int near = 0;
        for (int slot = 0; slot < 16; slot += INTS.length()) {
            IntVector pairs = IntVector.fromArray(INTS, sums, slot);
            FloatVector lower = (FloatVector) pairs.and(0xFFFF).convert(I2F, 0);
            FloatVector upper = (FloatVector) pairs.lanewise(LSHR, 16).convert(I2F, 0);
            lower.mul(scale).add(base).intoArray(estimates, slot);
            upper.mul(scale).add(base).intoArray(estimates, slot + 16);
        }
        for (int slot = 0; slot < CodeKernels.BLOCK; slot += INTS.length()) {
            IntVector pairs = IntVector.fromMemorySegment(INTS, memory, factors + (long) slot * Integer.BYTES, ORDER);
            FloatVector a = pairs.and(0xFFFF0000).reinterpretAsFloats();
            FloatVector b = pairs.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector estimate = b.fma(FloatVector.fromArray(FLOATS, estimates, slot), a.add(center));
            estimate.intoArray(estimates, slot);
            near |= (int) estimate.lt(threshold).toLong() << slot;
        }
        return near;
    }
}
