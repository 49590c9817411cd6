package io.quiver.log;

import io.quiver.log.RecoveryReport.Cut;
import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole log and finds where it ends, changing nothing.
 *
 * <p>Groups are made durable one after the other. So the first group that is not whole is the end of the log, torn by whatever
 * ended the writing process, unless a group follows it: in this file, where its header stands, or in the next file, which
 * says where it begins. Then what was acknowledged is damaged, and that is a {@link CorruptLogException}. A file is forced at
 * its full size before it gets its name, so a shorter one is damaged too.
 *
 * <p>Used once, by one thread.
 */
final class LogRecovery {
    private final Storage storage;
    private final String directory;
    private final LogFileNames names;
    private final List<LogFile> files = new ArrayList<>();
    private final CollectionHeads heads = new CollectionHeads();
    private long groupCount;
    private long nextOffset;

    /** Where the newest group begins, and where the next one will, in the newest file. */
    private long lastGroupAt;

    private long end = LogFileHeader.BYTES;
    private @Nullable Cut cut;

    private LogRecovery(Storage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
        this.names = new LogFileNames(directory);
    }

    static LogRecovery run(Storage storage, String directory) throws IOException {
        LogRecovery recovery = new LogRecovery(storage, directory);
        recovery.readFiles();
        return recovery;
    }

    List<LogFile> files() {
        return files;
    }

    CollectionHeads heads() {
        return heads;
    }

    /** Where the newest group begins in the newest file; equal to {@link #end} where it holds none. */
    long lastGroupAt() {
        return lastGroupAt;
    }

    /** Where the next group belongs in the newest file. */
    long end() {
        return end;
    }

    RecoveryReport report() {
        long first = files.isEmpty() ? 1 : files.getFirst().firstOffset();
        long next = files.isEmpty() ? 1 : nextOffset;
        return new RecoveryReport(
                files.size(), groupCount, next - first, new LogOffset(first - 1), new LogOffset(next - 1), cut);
    }

    private void readFiles() throws IOException {
        List<String> found =
                storage.list(directory).stream().filter(LogFileNames::isLog).toList();
        for (String name : found) {
            String path = names.path(name);
            try (StorageFile file = storage.open(path)) {
                LogFile next = new LogFile(readHeader(path, file), path);
                checkFollows(next, LogFileNames.number(name));
                files.add(next);
                readGroups(new GroupReader(next, path, file), name.equals(found.getLast()));
            }
        }
    }

    private static LogFileHeader readHeader(String path, StorageFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LogFileHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
            // until the header is whole or the file ends
        }
        return LogFileHeader.decode(path, bytes.flip(), file.sizeBytes());
    }

    private void checkFollows(LogFile file, long number) throws CorruptLogException {
        long id = file.header.id();
        if (id != number) {
            throw new CorruptLogException(file.path, 16, "holds the log file with id %d".formatted(id));
        }
        if (files.isEmpty()) {
            nextOffset = file.firstOffset();
            return;
        }
        LogFile previous = files.getLast();
        if (previous.header.id() + 1 != id) {
            throw new CorruptLogException(file.path, 16, "the log file before it is missing");
        }
        if (file.firstOffset() != nextOffset) {
            throw new CorruptLogException(
                    previous.path, end, "no whole group with log entry %d, yet later ones exist".formatted(nextOffset));
        }
    }

    private void readGroups(GroupReader reader, boolean isNewest) throws IOException {
        end = LogFileHeader.BYTES;
        lastGroupAt = end;
        GroupHeader group = reader.header(end);
        ByteBuffer body = group == null ? null : reader.body(group, end);
        while (group != null && body != null) {
            addGroup(reader.path(), group, body);
            lastGroupAt = end;
            end = group.end(end);
            group = reader.header(end);
            body = group == null ? null : reader.body(group, end);
        }
        if (isNewest) {
            checkTail(reader, group);
        }
    }

    private void addGroup(String path, GroupHeader group, ByteBuffer body) throws CorruptLogException {
        if (group.firstOffset() != nextOffset) {
            throw new CorruptLogException(
                    path, end, "expected log entry %d, found %d".formatted(nextOffset, group.firstOffset()));
        }
        try {
            for (int i = 0; i < group.entryCount(); i++) {
                EntryHeader entry = EntryHeader.decode(body);
                body.position(body.position() + entry.payloadBytes());
                heads.put(entry.collection(), new LogOffset(nextOffset++));
            }
        } catch (IllegalArgumentException e) {
            throw new CorruptLogException(path, end, "log entry %d: %s".formatted(nextOffset, e.getMessage()));
        }
        groupCount++;
    }

    /** What follows the last whole group must be nothing, or one group that is not whole. */
    private void checkTail(GroupReader reader, @Nullable GroupHeader torn) throws IOException {
        long later = reader.find(end + GroupHeader.ALIGNMENT);
        if (later >= 0) {
            throw new CorruptLogException(
                    reader.path(),
                    end,
                    "no whole group with log entry %d, yet a later one stands at byte %d".formatted(nextOffset, later));
        }
        if (torn != null) {
            cut = new Cut(
                    reader.path(),
                    end,
                    "log entries %d to %d are not whole".formatted(torn.firstOffset(), torn.nextOffset() - 1));
        } else if (!reader.isCleanEnd(end)) {
            cut = new Cut(reader.path(), end, "something that is not a whole group");
        }
    }
}
