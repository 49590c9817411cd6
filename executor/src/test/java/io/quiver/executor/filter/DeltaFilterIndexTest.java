package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.Not;
import io.quiver.log.record.MetadataValue.Int;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeltaFilterIndexTest {
    private final ListedRows rows = new ListedRows();
    private final DeltaFilterIndex index = new DeltaFilterIndex(rows);

    @Test
    void looksAtEachRowOnce() {
        add(1_000);
        Filter even = new Equals("even", new Int(1));
        assertEquals(500, index.rows(even, 1_000).count());
        assertEquals(1_000, rows.metadataRead.getAndSet(0));
        add(10);
        assertEquals(505, index.rows(even, 1_010).count());
        assertEquals(10, rows.metadataRead.getAndSet(0));
        assertEquals(505, index.rows(new Equals("even", new Int(1)), 1_010).count());
        assertEquals(50, index.rows(even, 100).count());
        assertEquals(0, rows.metadataRead.get());
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
            rows.with("id" + row, null, "even", row % 2 == 0 ? 1 : 0);
        }
    }
}
