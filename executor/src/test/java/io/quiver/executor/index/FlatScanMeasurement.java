package io.quiver.executor.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast the exact scan runs beside what the memory gives one thread: reads the same bytes by a bare sum and by scans
 * of 1, 2 and 16 queries, one after the other in the same run. Run it with the options of {@code deploy/jvm.options};
 * arguments: dimension, rows, passes.
 */
final class FlatScanMeasurement {
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final int BLOCK_BYTES = 64 * 1024;

    private FlatScanMeasurement() {}

    public static void main(String[] arguments) {
        int dimension = argument(arguments, 0, 128);
        int count = argument(arguments, 1, 1_000_000);
        int passes = argument(arguments, 2, 10);
        long start = System.nanoTime();
        boolean isCompiled = KernelWarmUp.run(Duration.ofSeconds(10));
        System.out.printf(
                "kernels %s, compiled %s in %d ms, %d ms of this thread%n",
                Kernels.best().name(), isCompiled, (System.nanoTime() - start) / 1_000_000, cpuNs() / 1_000_000);
        try (Arena arena = Arena.ofShared()) {
            Random random = new Random(1);
            MemorySegment rows = arena.allocate(count * Kernels.strideBytes(dimension), 64);
            for (long i = 0; i < rows.byteSize() / Float.BYTES; i++) {
                rows.setAtIndex(Distances.FLOAT, i, random.nextFloat());
            }
            for (int pass = 0; pass < passes; pass++) {
                measure(new OneChunk(rows, dimension, count), random, pass);
            }
        }
    }

    private static void measure(OneChunk rows, Random random, int pass) {
        StringBuilder line = new StringBuilder("pass %d: memory %.1f GB/s".formatted(pass, bandwidth(rows.rows())));
        for (Metric metric : Metric.values()) {
            FlatIndex index = new FlatIndex(metric, rows);
            for (int queries : new int[] {1, 2, 16}) {
                double seconds = scan(index, rows, random, queries);
                double bytes = (double) rows.rows().byteSize() * queries;
                line.append(" | %s x%d %.1f GB/s".formatted(metric, queries, bytes / seconds / 1e9));
            }
        }
        System.out.println(line);
    }

    /** What a bare sum of the same bytes gets out of the memory. */
    private static double bandwidth(MemorySegment rows) {
        long start = cpuNs();
        long total = 0;
        for (long at = 0; at + BLOCK_BYTES <= rows.byteSize(); at += BLOCK_BYTES) {
            total += sum(rows, at);
        }
        double seconds = (cpuNs() - start) / 1e9;
        return total == 42 ? 0 : rows.byteSize() / seconds / 1e9;
    }

    private static long sum(MemorySegment rows, long from) {
        LongVector sum = LongVector.zero(LONGS);
        LongVector second = sum;
        int step = LONGS.vectorByteSize();
        for (long at = from; at < from + BLOCK_BYTES; at += 2L * step) {
            sum = sum.add(LongVector.fromMemorySegment(LONGS, rows, at, ByteOrder.LITTLE_ENDIAN));
            second = second.add(LongVector.fromMemorySegment(LONGS, rows, at + step, ByteOrder.LITTLE_ENDIAN));
        }
        return sum.add(second).reduceLanes(VectorOperators.ADD);
    }

    /** Of this thread, so that neighbours on the machine do not count. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double scan(FlatIndex index, OneChunk rows, Random random, int queries) {
        List<RowSearch> searches = new ArrayList<>();
        for (int i = 0; i < queries; i++) {
            float[] query = Seeds.embedding(random, rows.dimension());
            searches.add(new RowSearch(query, null, row -> true, new NearestRows(10, row -> row), () -> false));
        }
        long start = cpuNs();
        index.search(searches, new RowRange(0, rows.count()));
        return (cpuNs() - start) / 1e9;
    }

    private static int argument(String[] arguments, int number, int otherwise) {
        return arguments.length > number ? Integer.parseInt(arguments[number]) : otherwise;
    }

    /** All rows in one chunk, as in a sealed segment; the norms are whatever lies there. */
    private record OneChunk(MemorySegment rows, int dimension, int count) implements EmbeddingRows {
        @Override
        public int chunkRows() {
            return Integer.MAX_VALUE;
        }

        @Override
        public MemorySegment chunk(int number) {
            return rows;
        }

        @Override
        public MemorySegment inverseNorms(int number) {
            return rows;
        }
    }
}
