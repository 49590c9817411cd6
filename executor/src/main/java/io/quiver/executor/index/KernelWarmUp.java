package io.quiver.executor.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Has the kernels compiled before anybody waits for them: until then each of their steps is an object, and a search takes
 * a thousand times as long.
 */
public final class KernelWarmUp {
    private static final int DIMENSION = 64;
    private static final int ROWS = 64;
    private static final long BUDGET_NS = 150_000_000;

    /** Calls after which the compiler has surely been asked. */
    private static final int ROUNDS = 1_000;

    private KernelWarmUp() {}

    /** Searches a few rows again and again, for at most about a fifth of a second; returns the rounds it came to. */
    public static int run() {
        long start = System.nanoTime();
        try (Arena arena = Arena.ofShared()) {
            List<FlatIndex> indexes = indexes(arena);
            int round = 0;
            while (round < ROUNDS && System.nanoTime() - start < BUDGET_NS) {
                search(indexes, round++);
            }
            return round;
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

    private static void search(List<FlatIndex> indexes, int round) {
        for (FlatIndex index : indexes) {
            index.search(List.of(search(round)), new RowRange(0, ROWS));
            index.search(List.of(search(round), search(round + 1)), new RowRange(0, ROWS));
        }
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
