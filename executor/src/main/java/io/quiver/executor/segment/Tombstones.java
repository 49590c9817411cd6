package io.quiver.executor.segment;

import io.quiver.log.record.LogOffset;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * At which log offset each row of a segment ended. A view at offset {@code v} sees a row that ended after {@code v}:
 * one set of marks serves every view, and a write copies nothing.
 *
 * <p>One thread marks; any thread asks. Marks become visible together with the offset that the marking thread publishes
 * afterwards. Memory: eight bytes a row, on the heap, for each run of 1,024 rows in which at least one has ended.
 */
public final class Tombstones {
    private static final int PAGE_ROWS = 1024;

    private final AtomicReferenceArray<long @Nullable []> pages;
    private volatile int count;

    public Tombstones(int rowCapacity) {
        this.pages = new AtomicReferenceArray<>((rowCapacity + PAGE_ROWS - 1) / PAGE_ROWS);
    }

    /** Ends a row, unless it has ended already. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread marks
    public void end(int row, LogOffset offset) {
        long[] page = page(row / PAGE_ROWS);
        if (page[row % PAGE_ROWS] == 0) {
            page[row % PAGE_ROWS] = offset.value();
            count++;
        }
    }

    /** Whether the row is still there in a view at {@code offset}. */
    public boolean isLive(int row, long offset) {
        long[] page = pages.get(row / PAGE_ROWS);
        return page == null || page[row % PAGE_ROWS] == 0 || page[row % PAGE_ROWS] > offset;
    }

    /** The offset at which the row ended, 0 while it lives. */
    public long endedAt(int row) {
        long[] page = pages.get(row / PAGE_ROWS);
        return page == null ? 0 : page[row % PAGE_ROWS];
    }

    /** Rows that have ended so far. */
    public int count() {
        return count;
    }

    private long[] page(int number) {
        long[] page = pages.get(number);
        if (page == null) {
            page = new long[PAGE_ROWS];
            pages.set(number, page);
        }
        return page;
    }
}
