package io.quiver.log;

import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/** Writes the groups of one log file into another of the same id, with a salt of its own. Owns the open file. */
final class RewrittenLogFile implements AutoCloseable {
    private static final SecureRandom SALTS = new SecureRandom();

    private final LogFileHeader header;
    private final String path;
    private final StorageFile file;
    private long position = LogFileHeader.BYTES;

    RewrittenLogFile(LogFileHeader original, String path, StorageFile file) {
        this.header = new LogFileHeader(
                original.id(),
                SALTS.nextLong(),
                original.firstOffset(),
                original.capacityBytes(),
                original.createdMs());
        this.path = path;
        this.file = file;
    }

    /** Adds those entries of a group that are not after {@code through}; false where none may follow. */
    boolean add(GroupHeader group, ByteBuffer body, LogOffset through) throws IOException {
        int entryCount = (int) Math.min(group.entryCount(), through.value() - group.firstOffset() + 1);
        if (entryCount <= 0) {
            return false;
        }
        add(group.firstOffset(), entryCount, firstEntries(body, entryCount));
        return entryCount == group.entryCount();
    }

    private ByteBuffer firstEntries(ByteBuffer body, int count) throws CorruptLogException {
        ByteBuffer entries = body.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        try {
            for (int i = 0; i < count; i++) {
                PiecedLog.skipEntry(entries);
            }
        } catch (IllegalArgumentException e) {
            throw new CorruptLogException(path, position, String.valueOf(e.getMessage()));
        }
        return entries.flip();
    }

    private void add(long firstOffset, int entryCount, ByteBuffer body) throws IOException {
        int bodyBytes = body.remaining();
        CRC32C sum = header.sumAt(position);
        sum.update(body.duplicate());
        var group = new GroupHeader(bodyBytes, (int) sum.getValue(), firstOffset, entryCount);
        ByteBuffer bytes = ByteBuffer.allocate(GroupHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        group.encode(bytes, 0, header, position);
        file.write(bytes, position);
        file.write(body, position + GroupHeader.BYTES);
        position = group.end(position);
    }

    /** Makes it durable at its full size. */
    void finish() throws IOException {
        file.write(header.encode(), 0);
        file.resize(header.capacityBytes());
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
