package io.quiver.flight;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * The memory outside the heap of everything that moves: one limit for all servers and links of a process.
 *
 * <p>Safe on every thread. Close it last: {@link #close} throws {@link IllegalStateException} when a buffer was not
 * given back.
 */
public final class FlightMemory implements AutoCloseable {
    private final RootAllocator root;

    private FlightMemory(long limitBytes) {
        this.root = new RootAllocator(limitBytes);
    }

    /** An allocation that would pass the limit fails the call that wanted it. */
    public static FlightMemory limitedTo(long bytes) {
        return new FlightMemory(bytes);
    }

    public long usedBytes() {
        return root.getAllocatedMemory();
    }

    /** A share without a limit of its own, which the caller closes. */
    public BufferAllocator child(String owner) {
        return root.newChildAllocator(owner, 0, root.getLimit());
    }

    @Override
    public void close() {
        root.close();
    }
}
