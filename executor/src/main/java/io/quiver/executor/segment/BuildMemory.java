package io.quiver.executor.segment;

import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Memory to build a graph in: on huge pages where the budget has so much to spare, else behind a file without a name,
 * which is slower and has no limit but the disk. Belongs to one thread; what it gave may be used by any until
 * {@link #close}.
 */
public final class BuildMemory implements SegmentAllocator, AutoCloseable {
    private final Storage storage;
    private final HotMemory hot;
    private final Arena arena = Arena.ofShared();
    private boolean isOnDisk;

    BuildMemory(Storage storage, OffHeapBudget budget) {
        this.storage = storage;
        this.hot = new HotMemory(budget, Owner.WRITER);
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        try {
            return hot.allocate(byteSize, byteAlignment);
        } catch (QuiverException noneToSpare) {
            isOnDisk = true;
            return scratch(byteSize);
        }
    }

    private MemorySegment scratch(long byteSize) {
        try {
            return storage.scratch(byteSize, arena);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether anything had to go to the disk. */
    public boolean isOnDisk() {
        return isOnDisk;
    }

    @Override
    public void close() {
        arena.close();
        hot.close();
    }
}
