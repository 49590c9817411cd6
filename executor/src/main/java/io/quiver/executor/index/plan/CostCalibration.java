package io.quiver.executor.index.plan;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the constants of {@link CostModel} on this machine: scans of all rows, and of a few here and there, in
 * memory that no cache holds, and of the same few again; for short rows and for long ones, by inner products, which
 * look at whole rows whatever is in them. Processor time of the thread counts, and the fastest of some rounds, for whatever
 * else runs only makes them slower. Takes a fifth of a second, once the kernels are compiled.
 */
public final class CostCalibration {
    /** More than the caches of most processors hold. */
    static final int SAMPLE_BYTES = 64 << 20;

    private static final int SHORT = 64;
    private static final int LONG = 768;

    /** One row in so many is accepted in a scan of a few. */
    private static final int SPREAD = 16;

    private static final int ROUNDS = 4;

    /** No measurement is so good that a cost could be nothing. */
    private static final double NS_MIN = 0.01;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CostCalibration() {}

    /**
     * Measures, and has every planner of this process reckon with the result from now on, or with what was measured
     * before where that is cheaper: a machine that was busy then may be less so now, and the other way round.
     */
    public static CostModel run() {
        CostModel measured = measure();
        CostModel before = CostModel.ofThisMachine();
        CostModel model = before.equals(CostModel.TYPICAL) ? measured : before.cheaper(measured);
        CostModel.measured(model);
        return model;
    }

    static CostModel measure() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(SAMPLE_BYTES, 64);
            RowCost all = cost(memory, Sample::allNs);
            RowCost some = cost(memory, Sample::someNs);
            RowCost again = cost(memory, Sample::againNs);
            return new CostModel(noMore(all, some), some, noMore(again, some));
        }
    }

    private static RowCost cost(MemorySegment memory, ToDoubleFunction<Sample> measured) {
        double shortNs = measured.applyAsDouble(new Sample(memory, SHORT));
        double longNs = measured.applyAsDouble(new Sample(memory, LONG));
        double floatNs = Math.max(NS_MIN, (longNs - shortNs) / (LONG - SHORT));
        return new RowCost(Math.max(NS_MIN, shortNs - SHORT * floatNs), floatNs);
    }

    /** What seems to cost more than the dearest way was measured at a bad moment. */
    private static RowCost noMore(RowCost cost, RowCost most) {
        return cost.of(LONG) > most.of(LONG) || cost.of(SHORT) > most.of(SHORT) ? most : cost;
    }

    /** The memory as rows of one dimension, no two alike. */
    private record Sample(MemorySegment memory, int dimension) implements EmbeddingRows {
        private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

        Sample {
            Random random = new Random(dimension);
            for (long at = 0; at < memory.byteSize(); at += Kernels.strideBytes(dimension)) {
                memory.set(FLOAT, at, random.nextFloat());
            }
        }

        private int rows() {
            return (int) (memory.byteSize() / Kernels.strideBytes(dimension));
        }

        double allNs() {
            return fastest(_ -> null);
        }

        /** Other rows each time, for those of the last time may be in a cache. */
        double someNs() {
            return fastest(this::spread);
        }

        /** A 16th of the memory, which caches hold. */
        double againNs() {
            RowSet same = spread(0);
            return fastest(_ -> same);
        }

        private RowSet spread(int round) {
            Random random = new Random(round);
            RowSet some = RowSet.none(rows());
            for (int row = 0; row < rows(); row += SPREAD) {
                some.add(Math.min(rows() - 1, row + random.nextInt(SPREAD)));
            }
            return some;
        }

        /** Time for each row that a scan looks at. */
        private double fastest(IntFunction<@Nullable RowSet> candidates) {
            return IntStream.range(0, ROUNDS)
                    .mapToDouble(round -> rowNs(candidates.apply(round)))
                    .min()
                    .orElseThrow();
        }

        private double rowNs(@Nullable RowSet candidates) {
            FlatIndex index = new FlatIndex(Metric.INNER_PRODUCT, this);
            int count = candidates == null ? rows() : candidates.count();
            long start = threadNanos();
            index.search(List.of(search(candidates)), new RowRange(0, rows()));
            return (double) (threadNanos() - start) / count;
        }

        /** Of the processor, where the system tells. */
        private static long threadNanos() {
            return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
        }

        private RowSearch search(@Nullable RowSet candidates) {
            float[] query = new float[dimension];
            query[0] = 1;
            return new RowSearch(query, candidates, _ -> true, new NearestRows(10, row -> row), () -> false);
        }

        @Override
        public int chunkRows() {
            return Integer.MAX_VALUE;
        }

        @Override
        public MemorySegment chunk(int number) {
            return memory;
        }

        @Override
        public MemorySegment inverseNorms(int number) {
            return memory;
        }
    }
}
