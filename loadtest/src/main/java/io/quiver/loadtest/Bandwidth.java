package io.quiver.loadtest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The machine's memory bandwidth: how fast all cores together can read memory that no cache holds. */
final class Bandwidth {
    private static final VectorSpecies<Integer> LANES = IntVector.SPECIES_PREFERRED;
    private static final int UNROLLED = 4;
    private static final int PASSES = 7;

    private Bandwidth() {}

    /** Bytes a second, the best of several passes over {@code sizeBytes} by {@code threads} threads. */
    static double measure(long sizeBytes, int threads) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(sizeBytes, 64);
            memory.fill((byte) 1);
            double best = 0;
            for (int pass = 0; pass < PASSES; pass++) {
                long begin = System.nanoTime();
                long sum = IntStream.range(0, threads)
                        .parallel()
                        .mapToLong(part -> sum(memory, sizeBytes / threads * part, sizeBytes / threads))
                        .sum();
                double seconds = (System.nanoTime() - begin) / 1e9;
                if (sum == 0) {
                    throw new IllegalStateException("the sum of ones is not zero");
                }
                best = Math.max(best, sizeBytes / seconds);
            }
            return best;
        }
    }

    private static long sum(MemorySegment memory, long from, long length) {
        int step = LANES.vectorByteSize();
        IntVector a = IntVector.zero(LANES);
        IntVector b = a;
        IntVector c = a;
        IntVector d = a;
        for (long at = from; at + (long) UNROLLED * step <= from + length; at += (long) UNROLLED * step) {
            a = a.add(load(memory, at));
            b = b.add(load(memory, at + step));
            c = c.add(load(memory, at + 2L * step));
            d = d.add(load(memory, at + 3L * step));
        }
        return a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
    }

    private static IntVector load(MemorySegment memory, long at) {
        return IntVector.fromMemorySegment(LANES, memory, at, ValueLayout.JAVA_INT.order());
    }
}
