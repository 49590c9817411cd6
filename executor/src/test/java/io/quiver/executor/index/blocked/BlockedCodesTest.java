package io.quiver.executor.index.blocked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BlockedCodesTest {
    private static final int DIMENSION = 96;

    /** Rows that were appended are found by themselves at once, whichever way they are searched by then. */
    @Test
    void findsEachRowWhileOthersAreAppended() throws InterruptedException, ExecutionException {
        Random random = Seeds.random("findsEachRowWhileOthersAreAppended");
        float[][] embeddings = Seeds.embeddings(random, 12_000, DIMENSION);
        try (Arena arena = Arena.ofShared();
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            var rows = new ChunkedRows(arena, embeddings, DIMENSION, 32, 0);
            BlockedCodes codes = new BlockedCodes(Metric.COSINE, rows, embeddings.length, arena);
            AtomicInteger published = new AtomicInteger(1);
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random own = new Random(random.nextLong());
                readers.add(threads.submit(() -> read(codes, embeddings, published, own)));
            }
            for (int row = 1; row <= embeddings.length; row++) {
                codes.extend(row);
                published.set(row);
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
            assertEquals(embeddings.length / BlockLayout.BLOCK_ROWS, codes.blockCount());
        }
    }

    private static void read(BlockedCodes codes, float[][] embeddings, AtomicInteger published, Random random) {
        BlockedIndex index = new BlockedIndex(codes);
        int count;
        do {
            count = published.get();
            int row = Math.max(0, count - 1 - random.nextInt(64));
            NearestRows hits = new NearestRows(1, number -> number);
            index.search(
                    List.of(new RowSearch(embeddings[row], null, _ -> true, hits, () -> false)),
                    new RowRange(0, count));
            assertEquals(row, hits.row(0));
        } while (count < embeddings.length);
    }

    @Test
    void takesNoMemoryUntilAChunkIsFullAndThenOneChunkAtATime() {
        Random random = Seeds.random("takesNoMemoryUntilAChunkIsFullAndThenOneChunkAtATime");
        float[][] embeddings = Seeds.embeddings(random, 2_100, DIMENSION);
        try (Arena arena = Arena.ofConfined()) {
            AtomicLong takenBytes = new AtomicLong();
            var rows = new ChunkedRows(arena, embeddings, DIMENSION, 100, 0);
            BlockedCodes codes = new BlockedCodes(Metric.SQUARED_L2, rows, 2_100, (bytes, alignment) -> {
                takenBytes.addAndGet(bytes);
                return arena.allocate(bytes, alignment);
            });
            codes.extend(1_023);
            assertEquals(0, takenBytes.get());
            assertEquals(0, codes.blockCount());
            codes.extend(1_024);
            assertEquals(BlockedCodes.sizeBytes(DIMENSION, 1_024), takenBytes.get());
            assertEquals(32, codes.blockCount());
            codes.extend(1_055);
            assertEquals(32, codes.blockCount());
            codes.extend(2_100);
            assertEquals(65, codes.blockCount());
            assertEquals(BlockedCodes.sizeBytes(DIMENSION, 2_100), takenBytes.get());
            assertTrue(takenBytes.get() < 2_100L * DIMENSION * Float.BYTES / 8);
        }
    }
}
