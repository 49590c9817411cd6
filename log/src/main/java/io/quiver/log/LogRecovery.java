package io.quiver.log;

import io.quiver.log.EntryOwners.End;
import io.quiver.log.RecoveryReport.Cut;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole log and finds where it ends, changing nothing.
 *
 * <p>Groups are made durable one after the other. So the first group that is not whole is the end of the log, torn by
 * whatever ended the writing process, unless a group follows it: in this file, where its header stands, or in the next
 * file, which says where it begins. Then what was acknowledged is damaged: a {@link LogGap}, with whose entries these
 * were where that can be told ({@link EntryOwners}), so that the other collections go on without them. A file before
 * the newest that is lost ({@link FoundFiles}) is a gap too, nobody knows of whose entries. A file is forced at its
 * full size before it gets its name, so a shorter one is damaged.
 *
 * <p>Used once, by one thread.
 */
final class LogRecovery {
    private final Storage storage;
    private final String directory;
    private final List<LogFile> files = new ArrayList<>();
    private final CollectionHeads heads = new CollectionHeads();
    private long groupCount;
    private long nextOffset;

    /** Where the newest group begins, and where the next one will, in the newest file. */
    private long lastGroupAt;

    private long end = LogFileHeader.BYTES;
    private @Nullable Cut cut;
    private final List<LogGap> gaps = new ArrayList<>();

    private LogRecovery(Storage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
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
                files.size(), groupCount, next - first, new LogOffset(first - 1), new LogOffset(next - 1), cut, gaps);
    }

    private void readFiles() throws IOException {
        FoundFiles found = FoundFiles.in(storage, directory);
        files.addAll(found.files());
        nextOffset = files.isEmpty() ? 1 : files.getFirst().firstOffset();
        noteLost(files.isEmpty() ? null : found.lostBefore(files.getFirst()), found.firstOffset(), nextOffset);
        for (int i = 0; i < files.size(); i++) {
            LogFile next = i + 1 < files.size() ? files.get(i + 1) : null;
            String lost = next == null ? null : found.lostBefore(next);
            readGroups(files.get(i), next == null ? Long.MAX_VALUE : next.firstOffset(), lost);
        }
    }

    /** What a lost file held, nobody knows of whom. */
    private void noteLost(@Nullable String lost, long from, long to) {
        if (lost != null && from < to) {
            gaps.add(LogGap.ofLostFile(lost, new LogOffset(from), new LogOffset(to - 1)));
        }
    }

    /**
     * Reads a file up to the entry that the next file begins with, or to the end of the log.
     *
     * @param lost path of a file between this and the next one: then this one ends nobody knows where
     */
    private void readGroups(LogFile logFile, long endOffset, @Nullable String lost) throws IOException {
        try (GroupReader reader = new GroupReader(logFile, logFile.path, storage.open(logFile.path))) {
            end = LogFileHeader.BYTES;
            lastGroupAt = end;
            boolean isMore = true;
            while (isMore && nextOffset < endOffset) {
                GroupHeader group = reader.header(end);
                ByteBuffer body = group == null ? null : reader.body(group, end);
                if (group != null && body != null) {
                    addGroup(reader.path(), group, body);
                    lastGroupAt = end;
                    end = group.end(end);
                } else {
                    isMore = skipDamage(reader, group, endOffset, lost != null);
                }
            }
        }
        if (lost != null && nextOffset < endOffset) {
            noteLost(lost, nextOffset, endOffset);
            nextOffset = endOffset;
        }
        if (endOffset != Long.MAX_VALUE && nextOffset != endOffset) {
            throw new CorruptLogException(
                    logFile.path, end, "expected log entry %d next, found %d".formatted(endOffset, nextOffset));
        }
    }

    /**
     * Goes on after a group that is not whole; {@code false} where the log or its file ends there.
     *
     * @param torn the group's header, if that is whole
     */
    private boolean skipDamage(GroupReader reader, @Nullable GroupHeader torn, long endOffset, boolean isFileLostBehind)
            throws IOException {
        long later = reader.find(end + GroupHeader.ALIGNMENT);
        if (later < 0 && torn == null && isFileLostBehind) {
            return false;
        }
        if (later < 0 && endOffset == Long.MAX_VALUE) {
            noteCut(reader, torn);
            return false;
        }
        if (torn != null) {
            skip(reader, torn.end(end), torn.nextOffset(), torn.bodyBytes(), End.EXACT);
        } else if (later >= 0) {
            long next = Objects.requireNonNull(reader.header(later)).firstOffset();
            skip(reader, later, next, later - end - GroupHeader.BYTES, End.PADDED);
        } else {
            long capacity = reader.logFile().header.capacityBytes();
            skip(reader, capacity, endOffset, capacity - end - GroupHeader.BYTES, End.OPEN);
        }
        return true;
    }

    private void skip(GroupReader reader, long to, long next, long bodyBytes, End bodyEnd) throws IOException {
        ByteBuffer body = reader.raw(end + GroupHeader.BYTES, Math.toIntExact(Math.max(0, bodyBytes)));
        Set<CollectionId> owners = EntryOwners.find(body, next - nextOffset, bodyEnd);
        if (next <= nextOffset) {
            throw new CorruptLogException(
                    reader.path(), to, "expected log entry %d or a later one, found %d".formatted(nextOffset, next));
        }
        gaps.add(new LogGap(reader.path(), end, new LogOffset(nextOffset), new LogOffset(next - 1), owners));
        reader.logFile().damaged.put(end, to);
        nextOffset = next;
        end = to;
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

    /** What follows the last whole group is nothing, or one group that is not whole. */
    private void noteCut(GroupReader reader, @Nullable GroupHeader torn) throws IOException {
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
