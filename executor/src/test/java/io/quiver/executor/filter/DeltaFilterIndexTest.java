package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.Comparison;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.In;
import io.quiver.executor.query.Filter.Not;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeltaFilterIndexTest {
    private final ListedRows rows = new ListedRows();
    private final DeltaFilterIndex index = new DeltaFilterIndex(rows);

    @Test
    void looksAtEachRowOnce() {
        add(1_000);
        Filter even = new Compares("even", Comparison.GREATER, new Int(0));
        assertEquals(500, index.rows(even, 1_000).count());
        assertEquals(1_000, rows.metadataRead.getAndSet(0));
        add(10);
        assertEquals(505, index.rows(even, 1_010).count());
        assertEquals(10, rows.metadataRead.getAndSet(0));
        assertEquals(
                505,
                index.rows(new Compares("even", Comparison.GREATER, new Int(0)), 1_010)
                        .count());
        assertEquals(50, index.rows(even, 100).count());
        assertEquals(0, rows.metadataRead.get());
    }

    @Test
    void guessesByAFewRows() {
        assertEquals(0, index.estimatedSelectivity(Filter.ALL, 0));
        add(1_001);
        Filter first = new Compares("n", Comparison.LESS, new Int(250));
        assertEquals(0.25, index.estimatedSelectivity(first, 1_001), 0.02);
        assertTrue(rows.metadataRead.get() <= 100, () -> "rows looked at: " + rows.metadataRead.get());
    }

    @Test
    void whoHasNoTimeLeftIsNotHeldUp() {
        add(1_000);
        Filter even = new Compares("even", Comparison.GREATER, new Int(0));
        assertThrows(FilterStoppedException.class, () -> index.rows(even, 1_000, () -> rows.metadataRead.get() > 99));
        assertTrue(rows.metadataRead.get() < 120, () -> "rows looked at: " + rows.metadataRead.get());
        assertEquals(500, index.rows(even, 1_000).count());
    }

    @Test
    void aNewFilterLooksAtTheRowsOfItsValuesAlone() {
        add(5_000);
        index.rows(new Equals("n", new Int(0)), 5_000);
        rows.metadataRead.set(0);
        Filter filter = new And(List.of(
                new Compares("even", Comparison.GREATER, new Int(0)),
                new In("n", List.of(new Int(7), new Real(8), new Text("8"), new Int(4_000)))));
        RowSet accepted = index.rows(filter, 5_000);
        assertEquals(8, accepted.next(0));
        assertEquals(4_000, accepted.next(9));
        assertEquals(2, accepted.count());
        assertTrue(rows.metadataRead.get() < 50, () -> "rows looked at: " + rows.metadataRead.get());
    }

    @Test
    void keysBeyondThoseRememberedAreIndexedAgain() {
        add(100);
        for (int i = 0; i < 3 * DeltaFilterIndex.KEYS_MAX; i++) {
            assertEquals(
                    0, index.rows(new Equals("missing" + i, new Int(1)), 100).count());
            assertEquals(1, index.rows(new Equals("n", new Int(i)), 100).count());
        }
    }

    @Test
    void manyThreadsGetTheSameAnswersWhileRowsAreAdded() throws InterruptedException {
        int target = 20_000;
        AtomicInteger published = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        ListedRows all = rows(target);
        DeltaFilterIndex shared = new DeltaFilterIndex(all);
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int value = i;
            readers.add(Thread.ofPlatform().start(() -> {
                int count;
                do {
                    count = published.get();
                    int expected = (count + 999 - value) / 1_000;
                    int found = shared.rows(new Equals("mod", new Int(value)), count)
                            .count();
                    if (found != expected) {
                        failures.add("%d of %d rows, not %d".formatted(found, count, expected));
                    }
                } while (count < target);
            }));
        }
        while (published.get() < target) {
            published.addAndGet(10);
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Test
    void anAnswerThatWasGivenDoesNotChange() {
        add(100);
        RowSet before = index.rows(new Equals("even", new Int(1)), 100);
        add(100);
        assertEquals(100, index.rows(new Equals("even", new Int(1)), 200).count());
        assertEquals(50, before.count());
    }

    @Test
    void idsLookAtTheirRowsAlone() {
        add(1_000);
        Filter filter = new And(List.of(new Equals("even", new Int(1)), new Ids(Set.of("id4", "id5", "missing"))));
        RowSet accepted = index.rows(filter, 1_000);
        assertEquals(1, accepted.count());
        assertTrue(accepted.contains(4));
        assertTrue(rows.metadataRead.get() <= 2);
    }

    @Test
    void aViewFindsTheRowOfARecordThatWasWrittenAgainSince() {
        add(10);
        rows.with("id3", "newer");
        assertTrue(index.rows(new Ids(Set.of("id3")), 10).contains(3));
        RowSet newest = index.rows(new Ids(Set.of("id3")), 11);
        assertTrue(newest.contains(10));
        assertFalse(newest.contains(3));
    }

    @Test
    void aViewDoesNotSeeARecordThatWasFirstWrittenSince() {
        add(10);
        rows.with("late", null);
        assertEquals(0, index.rows(new Ids(Set.of("late")), 10).count());
        assertEquals(10, index.rows(new Not(new Ids(Set.of("late"))), 10).count());
        assertEquals(1, index.rows(new Ids(Set.of("late")), 11).count());
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            int row = rows.count();
            rows.with("id" + row, null, "even", row % 2 == 0 ? 1 : 0, "n", row);
        }
    }

    private static ListedRows rows(int count) {
        ListedRows listed = new ListedRows();
        for (int row = 0; row < count; row++) {
            listed.with("id" + row, null, "mod", row % 1_000);
        }
        return listed;
    }
}
