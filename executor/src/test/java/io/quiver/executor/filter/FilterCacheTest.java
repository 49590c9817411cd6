package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.DocumentContains;
import org.junit.jupiter.api.Test;

class FilterCacheTest {
    private final FilterCache cache = new FilterCache(10_000);

    @Test
    void neverHoldsMoreThanItMay() {
        for (int i = 0; i < 10_000; i++) {
            RowSet rows = RowSet.none(i * 7_919 % 20_000);
            cache.put(new DocumentContains("x".repeat(i % 3_000)), rows);
            assertTrue(cache.sizeBytes() <= 10_000);
        }
        assertTrue(cache.sizeBytes() > 0);
    }

    @Test
    void forgetsWhatWasNotUsedForLongest() {
        Filter used = new DocumentContains("used");
        Filter unused = new DocumentContains("unused");
        cache.put(used, RowSet.none(8));
        cache.put(unused, RowSet.none(8));
        for (int i = 0; i < 100; i++) {
            cache.put(new DocumentContains("x" + i), RowSet.none(8));
            assertNotNull(cache.get(used));
        }
        assertNull(cache.get(unused));
    }

    @Test
    void keepsTheAnswerAboutMostRows() {
        Filter filter = new DocumentContains("x");
        cache.put(filter, RowSet.none(100));
        cache.put(filter, RowSet.none(50));
        assertEquals(100, rowCountOf(filter));
        cache.put(filter, RowSet.none(200));
        assertEquals(200, rowCountOf(filter));
    }

    private int rowCountOf(Filter filter) {
        RowSet rows = cache.get(filter);
        return rows == null ? -1 : rows.rowCount();
    }
}
