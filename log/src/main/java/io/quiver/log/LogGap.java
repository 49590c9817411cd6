package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.Set;

/**
 * Entries that were acknowledged and are damaged: no reader gets them, and what they changed is not known any more.
 *
 * @param file the damaged file's path within its storage
 * @param position where in it the damage begins, at the latest
 * @param collections whose entries they are, none where it cannot be told; an id that was read may have wrong bits itself
 */
public record LogGap(String file, long position, LogOffset first, LogOffset last, Set<CollectionId> collections) {
    public LogGap {
        collections = Set.copyOf(collections);
    }

    /** For people. */
    public String reason() {
        return "%s, byte %d: log entries %s to %s are damaged".formatted(file, position, first, last);
    }
}
