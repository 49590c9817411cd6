package io.quiver.log;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries in memory, so that followers who keep up read no files: bounded in bytes and number, older ones
 * make way. One thread adds, any thread looks up.
 */
final class RecentEntries {
    private static final int SLOT_COUNT = 8192;

    private record Slot(LogEntry entry, long sizeBytes) {}

    private final AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(SLOT_COUNT);
    private final long bytesMax;
    private long bytes;
    private long oldest;

    RecentEntries(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Adds the entry that follows the one added last. */
    void add(LogEntry entry, long sizeBytes) {
        long offset = entry.offset().value();
        oldest = oldest == 0 ? offset : oldest;
        bytes += sizeBytes;
        while (oldest < offset && (bytes > bytesMax || offset - oldest >= SLOT_COUNT)) {
            Slot evicted = slots.getAndSet(slot(oldest++), null);
            bytes -= evicted == null ? 0 : evicted.sizeBytes;
        }
        slots.set(slot(offset), new Slot(entry, sizeBytes));
    }

    /** The entry at an offset if it is still here. */
    @Nullable LogEntry get(long offset) {
        Slot slot = slots.get(slot(offset));
        return slot != null && slot.entry.offset().value() == offset ? slot.entry : null;
    }

    private static int slot(long offset) {
        return (int) (offset % SLOT_COUNT);
    }
}
