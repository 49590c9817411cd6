package io.quiver.log;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads durable entries from the files, forward. Keeps one file open, which is not used again meanwhile. Belongs to one
 * thread.
 */
final class LogCursor implements AutoCloseable {
    private final LogFiles files;
    private @Nullable GroupReader reader;

    /** Where the next group stands. */
    private long position;

    /** What is left of the current group's body, and the offset of its next entry. */
    private ByteBuffer body = ByteBuffer.allocate(0);

    private long nextOffset;

    LogCursor(LogFiles files) {
        this.files = files;
    }

    /** The entry at an offset, which must be durable; offsets must rise from call to call. */
    LogEntry read(long offset) throws IOException {
        LogEntry entry = null;
        while (entry == null) {
            if (!body.hasRemaining()) {
                seekGroup(offset);
            }
            entry = nextEntry(offset);
        }
        return entry;
    }

    /** Makes the group that holds an offset the current one. */
    private void seekGroup(long offset) throws IOException {
        GroupReader open = openHolder(offset);
        GroupHeader group = header(open);
        while (group.nextOffset() <= offset) {
            position = group.end(position);
            group = header(open);
        }
        body = body(open, group);
        nextOffset = group.firstOffset();
        position = group.end(position);
    }

    private GroupReader openHolder(long offset) throws IOException {
        if (reader != null && reader.logFile().holds(offset)) {
            return reader;
        }
        close();
        GroupReader opened = files.open(offset);
        if (opened == null) {
            throw new QuiverException(
                    ErrorCode.FAILED_PRECONDITION,
                    "log entry %d has been dropped; the log begins after %s"
                            .formatted(offset, files.truncatedThrough()));
        }
        reader = opened;
        position = LogFileHeader.BYTES;
        return opened;
    }

    private GroupHeader header(GroupReader open) throws IOException {
        position = open.logFile().soundFrom(position);
        GroupHeader group = open.header(position);
        if (group == null) {
            open.refresh();
            group = open.header(position);
        }
        if (group == null) {
            throw new CorruptLogException(open.path(), position, "no group where one must stand");
        }
        return group;
    }

    private ByteBuffer body(GroupReader open, GroupHeader group) throws IOException {
        ByteBuffer intact = open.body(group, position);
        if (intact == null) {
            open.refresh();
            intact = open.body(group, position);
        }
        if (intact == null) {
            throw new CorruptLogException(open.path(), position, "the checksum of a group is wrong");
        }
        return intact;
    }

    /** Moves on by one entry; {@code null} where it is not the one at {@code offset}. */
    private @Nullable LogEntry nextEntry(long offset) throws IOException {
        try {
            EntryHeader header = EntryHeader.decode(body);
            ByteBuffer payload = body.slice(body.position(), header.payloadBytes());
            body.position(body.position() + header.payloadBytes());
            if (nextOffset++ != offset) {
                return null;
            }
            return new LogEntry(
                    new LogOffset(offset), header.collection(), header.timeMs(), OperationCodec.read(payload));
        } catch (IllegalArgumentException e) {
            throw new CorruptLogException(path(), position, "log entry %d: %s".formatted(offset, e.getMessage()));
        }
    }

    private String path() {
        return reader == null ? "" : reader.path();
    }

    @Override
    public void close() throws IOException {
        body = ByteBuffer.allocate(0);
        if (reader != null) {
            GroupReader closing = reader;
            reader = null;
            files.close(closing);
        }
    }
}
