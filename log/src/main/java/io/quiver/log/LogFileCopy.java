package io.quiver.log;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A log file once more, in another file: each group at the place it had, under a header with a salt of its own.
 * Everything that is copied has its checksum compared; damage that is known is copied as it is. Used once, by one
 * thread.
 */
final class LogFileCopy {
    private final Storage storage;
    private final LogFile original;
    private final long end;

    LogFileCopy(Storage storage, LogFile original, long end) {
        this.storage = storage;
        this.original = original;
        this.end = end;
    }

    /** Fills a file that is large enough, and forces it; the copy is to have the original's name. */
    LogFile writeTo(StorageFile target, long salt) throws IOException {
        try (StorageFile source = storage.open(original.path)) {
            LogFileHeader header = LogFileHeader.read(original.path, source);
            var copied =
                    new LogFileHeader(header.id(), salt, header.firstOffset(), target.sizeBytes(), header.createdMs());
            target.write(copied.encode(), 0);
            LogFile copy = new LogFile(copied, original.path);
            copy.damaged.putAll(original.damaged);
            copyGroups(new GroupReader(new LogFile(header, original.path), original.path, source), copied, target);
            target.write(ActiveFile.end(), end);
            target.force();
            return copy;
        }
    }

    private void copyGroups(GroupReader reader, LogFileHeader copied, StorageFile target) throws IOException {
        long position = LogFileHeader.BYTES;
        while (position < end) {
            Long damageEnd = original.damaged.get(position);
            position = damageEnd == null
                    ? copyGroup(reader, position, copied, target)
                    : copyDamage(reader, position, damageEnd, target);
        }
    }

    private long copyGroup(GroupReader reader, long position, LogFileHeader copied, StorageFile target)
            throws IOException {
        GroupHeader group = reader.header(position);
        ByteBuffer body = group == null ? null : reader.body(group, position);
        if (group == null || body == null) {
            throw new CorruptLogException(reader.path(), position, "a group that was written cannot be read back");
        }
        ByteBuffer header = ByteBuffer.allocate(GroupHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        group.withSumOf(body, copied, position).encode(header, 0, copied, position);
        target.write(header, position);
        target.write(body, position + GroupHeader.BYTES);
        return group.end(position);
    }

    private static long copyDamage(GroupReader reader, long from, long to, StorageFile target) throws IOException {
        target.write(reader.raw(from, Math.toIntExact(to - from)), from);
        return to;
    }
}
