package io.quiver.executor.segment;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Graphs copied to memory, one copy for all collections that have the same: forks have links to the same file. The last
 * one to close it frees it. Safe on every thread; who wants a graph that another one copies at that moment waits for it.
 */
final class SharedGraphs {
    private final Map<Id, Entry> entries = new HashMap<>();

    /**
     * Which graph it is: forks may each have built one for the segment that they share.
     *
     * @param checksum of all checksums of its file
     */
    record Id(UUID segment, FileKind kind, int checksum) {}

    /** Copies a graph; {@code null} where that was given up. */
    @FunctionalInterface
    interface Copying {
        @Nullable HotGraph copy() throws CorruptSegmentException;
    }

    private static final class Entry {
        private int owners;
        private @Nullable HotGraph graph;

        synchronized @Nullable HotGraph graph(Copying copying) throws CorruptSegmentException {
            if (graph == null) {
                graph = copying.copy();
            }
            return graph;
        }

        synchronized void free() {
            if (graph != null) {
                graph.close();
            }
        }
    }

    /**
     * The graph, which is the caller's too until {@link #close}; {@code null}, and then nobody's, where its copying was
     * given up. Refused as the copying is.
     */
    @Nullable HotGraph open(Id id, Copying copying) throws CorruptSegmentException {
        HotGraph opened = null;
        try {
            opened = enter(id).graph(copying);
        } finally {
            if (opened == null) {
                close(id);
            }
        }
        return opened;
    }

    private synchronized Entry enter(Id id) {
        Entry entry = entries.computeIfAbsent(id, _ -> new Entry());
        entry.owners++;
        return entry;
    }

    /** One that has opened it has closed it. */
    void close(Id id) {
        Entry left = leave(id);
        if (left != null) {
            left.free();
        }
    }

    /** The entry that nobody has any more. */
    private synchronized @Nullable Entry leave(Id id) {
        Entry entry = entries.get(id);
        if (entry == null) {
            throw new IllegalStateException("nobody has opened " + id);
        }
        if (--entry.owners > 0) {
            return null;
        }
        entries.remove(id);
        return entry;
    }
}
