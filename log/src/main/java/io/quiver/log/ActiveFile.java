package io.quiver.log;

import io.quiver.log.storage.StorageFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The newest file, open for writing at a position. Owns the open file; belongs to the writing thread. */
final class ActiveFile implements AutoCloseable {
    private final LogFile logFile;
    private final StorageFile file;
    private long position;

    ActiveFile(LogFile logFile, StorageFile file, long position) {
        this.logFile = logFile;
        this.file = file;
        this.position = position;
    }

    /**
     * Opens the newest file to write on at {@code end}. The newest group and the end are written once more and forced:
     * the process before may have seen that fail and left in the page cache what is not on the disk.
     */
    static ActiveFile reopen(LogFile logFile, StorageFile file, long lastGroupAt, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(Math.toIntExact(end - lastGroupAt) + GroupHeader.BYTES);
        last.limit(last.capacity() - GroupHeader.BYTES);
        while (last.hasRemaining()) {
            if (file.read(last, lastGroupAt + last.position()) < 0) {
                throw new EOFException(logFile.path);
            }
        }
        file.write(last.clear(), lastGroupAt);
        file.force();
        return new ActiveFile(logFile, file, end);
    }

    /** What stands after the last group of a file. */
    static ByteBuffer end() {
        return ByteBuffer.allocate(GroupHeader.BYTES);
    }

    LogFileHeader header() {
        return logFile.header;
    }

    /** Where the next group will stand. */
    long position() {
        return position;
    }

    boolean hasRoom(long groupBytes) {
        return position + groupBytes + GroupHeader.BYTES <= header().capacityBytes();
    }

    void write(ByteBuffer bytes, long at) throws IOException {
        file.write(bytes, at);
    }

    /** Makes the group durable that was written at {@link #position}. */
    void commit(long groupBytes) throws IOException {
        file.force();
        position += groupBytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
