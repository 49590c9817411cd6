package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeltaSegmentTest {
    private static final int CAPACITY = 5_000;

    private final OffHeapBudget budget = new OffHeapBudget(1 << 30);

    @Test
    void givesBackWhatWasAppended() {
        Random random = Seeds.random("givesBackWhatWasAppended");
        int dimension = 1 + random.nextInt(300);
        DeltaSegment delta = delta(Metric.COSINE, dimension);
        List<VectorRecord> records = Records.random(random, 1_000, dimension, 0);
        for (int row = 0; row < records.size(); row++) {
            assertEquals(row, delta.append(records.get(row), 10L * row, new LogOffset(row + 1)));
        }
        for (int row = 0; row < records.size(); row++) {
            assertEquals(records.get(row), delta.record(row));
            assertEquals(10L * row, delta.insertion(row));
            assertEquals(new LogOffset(row + 1), delta.writtenAt(row));
            assertEquals(row, delta.rowOf(records.get(row).id()));
        }
        assertEquals(-1, delta.rowOf("unknown"));
        delta.release();
    }

    @Test
    void findsTheNewestRowOfARecord() {
        DeltaSegment delta = delta(Metric.SQUARED_L2, 2);
        delta.append(Records.record("a", 1, 2), 1, new LogOffset(1));
        delta.append(Records.record("b", 1, 2), 2, new LogOffset(1));
        delta.append(Records.record("a", 3, 4), 1, new LogOffset(2));
        assertEquals(2, delta.rowOf("a"));
        assertEquals(1, delta.rowOf("b"));
        assertEquals(Records.record("a", 1, 2), delta.record(0));
        delta.release();
    }

    @Test
    void isSearchedByCodesWhenItHasThousandsOfRows() {
        Random random = Seeds.random("isSearchedByCodesWhenItHasThousandsOfRows");
        DeltaSegment delta = delta(Metric.COSINE, 100);
        List<VectorRecord> records = Records.random(random, CAPACITY, 100, 0);
        for (int row = 0; row < CAPACITY; row++) {
            delta.append(records.get(row), row, new LogOffset(row + 1));
        }
        for (int row = 0; row < CAPACITY; row += 500) {
            NearestRows hits = new NearestRows(1, delta::insertion);
            float[] query = records.get(row).embedding().toArray();
            RowSearch search = new RowSearch(query, null, _ -> true, hits, () -> false);
            delta.index().search(List.of(search), new RowRange(0, CAPACITY));
            assertEquals(row, hits.row(0));
            assertTrue(search.work().estimates() > CAPACITY - 32);
            assertTrue(search.work().distances() < CAPACITY / 2);
        }
        assertEquals(budget.bytes(Owner.DELTA), delta.sizeBytes());
        delta.release();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void saysWhenItHasNoRoom() {
        DeltaSegment delta = new DeltaSegment("full", Metric.SQUARED_L2, 1, 3, 10_000, budget, EveryRow::new);
        assertTrue(delta.hasRoomFor(1_000_000), "a record larger than the segment must go somewhere");
        delta.append(Records.record("a", 1), 1, new LogOffset(1));
        assertTrue(delta.hasRoomFor(9_000));
        assertFalse(delta.hasRoomFor(10_000));
        delta.append(Records.record("b", 1), 2, new LogOffset(1));
        delta.append(Records.record("c", 1), 3, new LogOffset(1));
        assertFalse(delta.hasRoomFor(1));
        assertThrows(IllegalStateException.class, () -> delta.append(Records.record("d", 1), 4, new LogOffset(1)));
        delta.release();
    }

    @Test
    void countsItsMemoryAndFreesItWithTheLastShare() {
        DeltaSegment delta = delta(Metric.SQUARED_L2, 100);
        assertEquals(0, budget.bytes(Owner.DELTA));
        for (int i = 0; i < 1_000; i++) {
            delta.append(Records.record("id" + i, new float[100]), i, new LogOffset(1));
        }
        assertTrue(budget.bytes(Owner.DELTA) >= 1_000 * 448);
        assertEquals(budget.bytes(Owner.DELTA), delta.sizeBytes());
        assertTrue(delta.retain());
        delta.release();
        assertEquals(delta.id(7), "id7");
        delta.embedding(7);
        delta.release();
        assertEquals(0, budget.usedBytes());
        assertFalse(delta.retain());
        assertThrows(IllegalStateException.class, () -> delta.embedding(7));
        assertThrows(IllegalStateException.class, () -> nearest(delta, new float[100], 1_000));
        assertThrows(IllegalStateException.class, delta::release);
    }

    /** Each reader takes a row count that was published and must see exactly those rows, whole. */
    @Test
    void showsPublishedRowsToReadersWhileItGrows() throws Exception {
        DeltaSegment delta = delta(Metric.SQUARED_L2, 24);
        AtomicInteger published = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Void>> readers = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                readers.add(() -> readUntilFull(delta, published));
            }
            List<Future<Void>> reading = readers.stream().map(threads::submit).toList();
            for (int row = 0; row < CAPACITY; row++) {
                delta.append(Records.record("id" + row, embedding(row)), row, new LogOffset(row + 1));
                published.setRelease(row + 1);
            }
            for (Future<Void> reader : reading) {
                reader.get();
            }
        }
        delta.release();
    }

    private static Void readUntilFull(DeltaSegment delta, AtomicInteger published) {
        int rowCount;
        do {
            rowCount = published.getAcquire();
            if (rowCount > 0) {
                int row = rowCount - 1;
                assertEquals(Records.record("id" + row, embedding(row)), delta.record(row));
                assertEquals(row, delta.insertion(row));
                assertEquals(row, delta.rowOf("id" + row));
                NearestRows hits = nearest(delta, embedding(row), rowCount);
                assertEquals(row, hits.row(0));
                assertEquals(0f, hits.distance(0));
                assertEquals(Math.min(3, rowCount), hits.size());
            }
        } while (rowCount < CAPACITY);
        return null;
    }

    private static float[] embedding(int row) {
        float[] embedding = new float[24];
        embedding[row % 24] = row + 1;
        return embedding;
    }

    private static NearestRows nearest(DeltaSegment delta, float[] query, int rowCount) {
        NearestRows hits = new NearestRows(3, delta::insertion);
        RowSearch search = new RowSearch(query, null, row -> true, hits, () -> false);
        delta.index().search(List.of(search), new RowRange(0, rowCount));
        hits.sort();
        return hits;
    }

    private DeltaSegment delta(Metric metric, int dimension) {
        return new DeltaSegment("delta", metric, dimension, CAPACITY, 1 << 30, budget, EveryRow::new);
    }
}
