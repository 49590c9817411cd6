package io.quiver.log;

import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads groups of one log file through a window of its bytes. Owns the open file; belongs to one thread.
 *
 * <p>Where the file is being written, the window may be older than the file: {@link #refresh} forgets it.
 */
final class GroupReader implements AutoCloseable {
    private static final int WINDOW_BYTES = 256 << 10;

    private final LogFile logFile;
    private final String path;
    private final StorageFile file;
    private ByteBuffer window = allocate(0);
    private long windowAt;

    GroupReader(LogFile logFile, String path, StorageFile file) {
        this.logFile = logFile;
        this.path = path;
        this.file = file;
    }

    LogFile logFile() {
        return logFile;
    }

    /** The name under which the file was opened. */
    String path() {
        return path;
    }

    /** Fails where the file's own header cannot be read any more: a start would take the whole file for lost. */
    void requireHeader() throws IOException {
        LogFileHeader.read(path, file);
    }

    /** Reads bytes as they are; as {@link StorageFile#read}. */
    int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
    }

    /** The header of the group at a position, {@code null} where there is none. */
    @Nullable GroupHeader header(long position) throws IOException {
        if (!load(position, GroupHeader.BYTES)) {
            return null;
        }
        return GroupHeader.decode(window, index(position), logFile.header, position);
    }

    /** The body of a group, valid until the next call; {@code null} if it is not what was written. */
    @Nullable ByteBuffer body(GroupHeader group, long position) throws IOException {
        long bodyAt = position + GroupHeader.BYTES;
        if (group.bodyBytes() < 0 || !load(bodyAt, group.bodyBytes())) {
            return null;
        }
        ByteBuffer body = window.slice(index(bodyAt), group.bodyBytes()).order(ByteOrder.LITTLE_ENDIAN);
        return group.isBodyIntact(body, logFile.header, position) ? body : null;
    }

    /** Bytes as they are, whatever they are, up to the end of the file; valid until the next call. */
    ByteBuffer raw(long position, int length) throws IOException {
        load(position, length);
        int there = (int) Math.min(length, windowAt + window.limit() - position);
        return window.slice(index(position), there).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether the file ends here or holds the zeros that follow the last group. */
    boolean isCleanEnd(long position) throws IOException {
        if (!load(position, GroupHeader.BYTES)) {
            return true;
        }
        ByteBuffer end = window.slice(index(position), GroupHeader.BYTES);
        return end.equals(ActiveFile.end());
    }

    /** Where the header of a group stands at or after a position, -1 if nowhere. */
    long find(long position) throws IOException {
        for (long at = position; load(at, GroupHeader.BYTES); at += GroupHeader.ALIGNMENT) {
            if (header(at) != null) {
                return at;
            }
        }
        return -1;
    }

    /** Makes the next look read from the file. */
    void refresh() {
        window.limit(0);
    }

    private int index(long position) {
        return (int) (position - windowAt);
    }

    /** Makes the window cover these bytes; {@code false} where the file ends before. */
    private boolean load(long position, int length) throws IOException {
        if (position >= windowAt && position + length <= windowAt + window.limit()) {
            return true;
        }
        if (position + length > logFile.header.capacityBytes()) {
            return false;
        }
        fill(position, Math.max(length, WINDOW_BYTES));
        return window.limit() >= length;
    }

    private void fill(long position, int size) throws IOException {
        if (window.capacity() != size) {
            window = allocate(size);
        }
        windowAt = position;
        window.clear();
        while (window.hasRemaining() && file.read(window, position + window.position()) > 0) {
            // until the window is full or the file ends
        }
        window.flip();
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
