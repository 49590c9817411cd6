package io.quiver.log;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One file of the log, and how many read it. Guarded by the {@link LogFiles} it belongs to, but for the final fields.
 */
final class LogFile {
    final LogFileHeader header;

    /** Its name within its storage; another once it has been dropped. */
    String path;

    /** Where damaged bytes begin, and where they end; filled while the log is opened. */
    final NavigableMap<Long, Long> damaged = new TreeMap<>();

    int readerCount;
    boolean isDropped;

    /** The first offset of the file after this one; set once, when that begins. */
    private volatile long endOffset = Long.MAX_VALUE;

    LogFile(LogFileHeader header, String path) {
        this.header = header;
        this.path = path;
    }

    long firstOffset() {
        return header.firstOffset();
    }

    /** Whether an entry with this offset belongs into this file. Any thread may ask. */
    boolean holds(long offset) {
        return firstOffset() <= offset && offset < endOffset;
    }

    /** A position, or the end of the damage that begins there. */
    long soundFrom(long position) {
        long at = position;
        for (Long end = damaged.get(at); end != null; end = damaged.get(at)) {
            at = end;
        }
        return at;
    }

    /** Offset of the first entry that is in another file; unlimited for the newest. Any thread may ask. */
    long endOffset() {
        return endOffset;
    }

    /** Entries from here on are in another file. */
    void endAt(long offset) {
        endOffset = offset;
    }

    void endBefore(LogFile next) {
        endAt(next.firstOffset());
    }
}
