package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.Set;

/**
 * Entries that were acknowledged and are damaged: no reader gets them, and what they changed is not known any more.
 *
 * @param file the damaged file's path within its storage
 * @param position where in it the damage begins, at the latest; {@link #WHOLE_FILE} where all of it is lost
 * @param collections whose entries they are, none where it cannot be told; an id that was read may have wrong bits
 *     itself
 */
public record LogGap(String file, long position, LogOffset first, LogOffset last, Set<CollectionId> collections) {
    static final long WHOLE_FILE = -1;

    public LogGap {
        collections = Set.copyOf(collections);
    }

    static LogGap ofLostFile(String file, LogOffset first, LogOffset last) {
        return new LogGap(file, WHOLE_FILE, first, last, Set.of());
    }

    /** For people. */
    public String reason() {
        if (position == WHOLE_FILE) {
            return "%s is missing or cannot be read: log entries %s to %s are lost".formatted(file, first, last);
        }
        return "%s, byte %d: log entries %s to %s are damaged".formatted(file, position, first, last);
    }
}
