package io.quiver.log;

/** One file of the log, and how many read it. Guarded by the {@link LogFiles} it belongs to, but for the final fields. */
final class LogFile {
    final LogFileHeader header;

    /** Its name within its storage; another once it has been dropped. */
    String path;

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

    void endBefore(LogFile next) {
        endOffset = next.firstOffset();
    }
}
