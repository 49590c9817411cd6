package io.quiver.executor.segment;

import io.quiver.executor.segment.OffHeapBudget.Owner;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Memory on huge pages for what is read at random, counted in the budget as what only makes things faster. Belongs to
 * one thread at a time; what it gave may be read by any until {@link #close}, after which reading throws
 * {@link IllegalStateException}.
 */
public final class HotMemory implements SegmentAllocator, AutoCloseable {
    private final OffHeapBudget budget;
    private final Owner owner;
    private final Arena arena = Arena.ofShared();
    private long takenBytes;

    public HotMemory(OffHeapBudget budget, Owner owner) {
        this.budget = budget;
        this.owner = owner;
    }

    /** For a moment before there is a budget, or outside of a server. */
    public static HotMemory unbudgeted() {
        return new HotMemory(new OffHeapBudget(Long.MAX_VALUE), Owner.GRAPH);
    }

    /** Zeroed, at the beginning of a huge page; refuses with {@code UNAVAILABLE} where the budget has none to spare. */
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        if (byteAlignment > HugePages.PAGE_BYTES) {
            throw new IllegalArgumentException(
                    "memory is aligned to %d bytes at most, not to %d".formatted(HugePages.PAGE_BYTES, byteAlignment));
        }
        long bytes = HugePages.rounded(byteSize);
        budget.reserveSpare(owner, bytes);
        takenBytes += bytes;
        return HugePages.allocate(bytes, arena).asSlice(0, byteSize);
    }

    @Override
    public void close() {
        arena.close();
        budget.release(owner, takenBytes);
        takenBytes = 0;
    }
}
