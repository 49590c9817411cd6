package io.quiver.loadtest;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench scan}: the exact scan against the memory's bandwidth, in turns in one run. */
@Command(
        name = "scan",
        description = "Compares the exact scan of one query with the machine's memory bandwidth, on the same memory.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class ScanBench implements Callable<Integer> {
    private static final int QUERY_BATCH = 32;

    @Option(names = "--rows", description = "Rows to scan.")
    private int rows = 700_000;

    @Option(names = "--dimension", description = "Floats a row.")
    private int dimension = 768;

    @Option(names = "--passes", description = "Scans of each kind; the best counts.")
    private int passes = 7;

    @Override
    public Integer call() {
        int threads = Runtime.getRuntime().availableProcessors();
        try (Arena arena = Arena.ofShared()) {
            Rows memory = Rows.random(arena, rows, dimension);
            double sizeBytes = memory.rows().byteSize();
            System.out.printf(
                    "%,d rows x %d, %.0f MiB, %d threads, kernels %s%n",
                    rows,
                    dimension,
                    sizeBytes / (1 << 20),
                    threads,
                    Kernels.best().name());
            for (Metric metric : Metric.values()) {
                FlatIndex index = new FlatIndex(metric, memory);
                double scan = 0;
                double batch = 0;
                double read = 0;
                for (int pass = 0; pass < passes; pass++) {
                    read = Math.max(read, Bandwidth.measure(memory.rows(), threads));
                    scan = Math.max(scan, sizeBytes / seconds(index, threads, 1));
                    batch = Math.max(batch, QUERY_BATCH * sizeBytes / seconds(index, threads, QUERY_BATCH));
                }
                System.out.printf(
                        "%-14s memory %5.1f GB/s, scan %5.1f GB/s (%.0f %%); batch of %d: %5.1f GB/s of distances%n",
                        metric, read / 1e9, scan / 1e9, 100 * scan / read, QUERY_BATCH, batch / 1e9);
            }
        }
        return 0;
    }

    private double seconds(FlatIndex index, int threads, int queries) {
        List<RowRange> ranges = index.divide(rows, threads);
        long begin = System.nanoTime();
        IntStream.range(0, ranges.size()).parallel().forEach(i -> index.search(searches(queries), ranges.get(i)));
        return (System.nanoTime() - begin) / 1e9;
    }

    private List<RowSearch> searches(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new RowSearch(query(i), null, _ -> true, new NearestRows(10, row -> row), () -> false))
                .toList();
    }

    private float[] query(int number) {
        float[] query = new float[dimension];
        SplittableRandom random = new SplittableRandom(number);
        for (int i = 0; i < dimension; i++) {
            query[i] = (float) random.nextDouble();
        }
        return query;
    }

    /** Rows in one chunk, with ones for norms. */
    private record Rows(int dimension, int chunkRows, MemorySegment rows, MemorySegment norms)
            implements EmbeddingRows {
        static Rows random(Arena arena, int count, int dimension) {
            MemorySegment rows = arena.allocate(count * Kernels.strideBytes(dimension), 64);
            MemorySegment floats = MemorySegment.ofArray(new float[Kernels.paddedDimension(dimension)]);
            SplittableRandom random = new SplittableRandom(1);
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < dimension; i++) {
                    floats.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) random.nextDouble());
                }
                MemorySegment.copy(floats, 0, rows, row * Kernels.strideBytes(dimension), floats.byteSize());
            }
            MemorySegment norms = arena.allocate((long) count * Float.BYTES, 64);
            for (long row = 0; row < count; row++) {
                norms.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, row, 1f);
            }
            return new Rows(dimension, count, rows, norms);
        }

        @Override
        public MemorySegment chunk(int number) {
            return rows;
        }

        @Override
        public MemorySegment inverseNorms(int number) {
            return norms;
        }
    }
}
