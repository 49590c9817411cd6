package io.quiver.executor.index;

import io.quiver.executor.index.code.CodeKernelWarmUp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Has the kernels compiled before anybody waits for them: until then each of their steps makes an object, and a search
 * takes a thousand times as long. It may run beside the rest of a start; kernels that are not compiled when a limit is
 * over are compiled while the first searches use them.
 */
public final class KernelWarmUp {
    private static final int DIMENSION = 64;
    private static final int ROWS = 64;

    /** A search of {@link #ROWS} rows takes a tenth of this once it is compiled, and many times this before. */
    private static final long COMPILED_NS = 50_000;

    private static final long PAUSE_NS = 1_000_000;

    private KernelWarmUp() {}

    /**
     * Searches a few rows until that is fast, at most for {@code limit}; returns whether it has become fast. Pauses
     * between, for the compiler needs the processor more than the calls do.
     */
    public static boolean run(Duration limit) {
        long start = System.nanoTime();
        try (Arena arena = Arena.ofShared()) {
            List<FlatIndex> indexes = indexes(arena);
            boolean isCompiled = false;
            for (int round = 0; !isCompiled && System.nanoTime() - start < limit.toNanos(); round++) {
                isCompiled = slowestSearchNs(indexes, round) < COMPILED_NS;
                LockSupport.parkNanos(PAUSE_NS);
            }
            return isCompiled;
        }
    }

    /**
     * Calls the kernels of codes until none makes objects any more, at most for {@code limit}; returns whether that is
     * so. Pauses as {@link #run} does.
     */
    public static boolean runCodes(Duration limit) {
        long start = System.nanoTime();
        try (CodeKernelWarmUp codes = new CodeKernelWarmUp()) {
            boolean isCompiled = false;
            while (!isCompiled && System.nanoTime() - start < limit.toNanos()) {
                isCompiled = codes.isCompiled();
                LockSupport.parkNanos(PAUSE_NS);
            }
            return isCompiled;
        }
    }

    private static List<FlatIndex> indexes(Arena arena) {
        Random random = new Random(1);
        MemorySegment rows = arena.allocate(ROWS * Kernels.strideBytes(DIMENSION), 64);
        for (long i = 0; i < (long) ROWS * DIMENSION; i++) {
            rows.setAtIndex(Distances.FLOAT, i, random.nextFloat());
        }
        List<FlatIndex> indexes = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            indexes.add(new FlatIndex(metric, new Rows(rows)));
        }
        return indexes;
    }

    private static long slowestSearchNs(List<FlatIndex> indexes, int round) {
        long slowest = 0;
        for (FlatIndex index : indexes) {
            slowest = Math.max(slowest, searchNs(index, List.of(search(round))));
            slowest = Math.max(slowest, searchNs(index, List.of(search(round), search(round + 1))));
        }
        return slowest;
    }

    private static long searchNs(FlatIndex index, List<RowSearch> searches) {
        long start = System.nanoTime();
        index.search(searches, new RowRange(0, ROWS));
        return System.nanoTime() - start;
    }

    private static RowSearch search(int round) {
        float[] query = new float[DIMENSION];
        query[round % DIMENSION] = 1;
        return new RowSearch(query, null, row -> true, new NearestRows(10, row -> row), () -> false);
    }

    /** Random rows, which serve as their own norms. */
    private record Rows(MemorySegment rows) implements EmbeddingRows {
        @Override
        public int dimension() {
            return DIMENSION;
        }

        @Override
        public int chunkRows() {
            return ROWS;
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
