package io.quiver.loadtest;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The machine's memory bandwidth: how fast all cores together can read memory that no cache holds. */
final class Bandwidth {
    private static final VectorSpecies<Integer> LANES = IntVector.SPECIES_PREFERRED;
    private static final int UNROLLED = 4;

    private Bandwidth() {}

    /** Bytes a second of one pass over {@code memory}, a part for each thread. */
    static double measure(MemorySegment memory, int threads) {
        long part = memory.byteSize() / threads;
        long begin = System.nanoTime();
        long sum = IntStream.range(0, threads)
                .parallel()
                .mapToLong(thread -> sum(memory, part * thread, part))
                .sum();
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (sum == Long.MIN_VALUE) {
            throw new IllegalStateException("nobody else needs the sum");
        }
        return memory.byteSize() / seconds;
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
        return IntVector.fromMemorySegment(LANES, memory, at, ByteOrder.nativeOrder());
    }
}
