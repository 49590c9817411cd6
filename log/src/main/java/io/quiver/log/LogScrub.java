package io.quiver.log;

import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads every durable group of a log that is in use, and finds those that are not what was written. What a start found
 * damaged already is passed over. Used once, by one thread; keeps the file that it reads from being used again.
 */
final class LogScrub {
    /** How much is read between two waits. */
    private static final long STEP_BYTES = 256 << 10;

    private final LogFiles files;
    private final LongUnaryOperator readableFrom;
    private final long end;
    private final LongConsumer pace;
    private final List<LogGap> found = new ArrayList<>();
    private long unpacedBytes;

    /** Of the group that is looked at: where it stands, and which entry it must begin with or come after. */
    private long position;

    private long next;

    /**
     * @param readableFrom an offset, or the first one behind the known damage that it is in
     * @param head the newest entry that is durable
     */
    LogScrub(LogFiles files, LongUnaryOperator readableFrom, LogOffset head, LongConsumer pace) {
        this.files = files;
        this.readableFrom = readableFrom;
        this.end = head.next().value();
        this.pace = pace;
    }

    List<LogGap> run() throws IOException {
        next = files.truncatedThrough().next().value();
        while (next < end) {
            GroupReader reader = files.open(next);
            if (reader == null) {
                next = Math.max(next + 1, files.truncatedThrough().next().value());
            } else {
                readAndClose(reader);
            }
        }
        return found;
    }

    private void readAndClose(GroupReader reader) throws IOException {
        try {
            read(reader);
        } finally {
            files.close(reader);
        }
    }

    private void read(GroupReader reader) {
        long fileEnd = Math.min(end, reader.logFile().endOffset());
        position = 0;
        try {
            reader.requireHeader();
            position = LogFileHeader.BYTES;
            for (skipKnown(); next < fileEnd; skipKnown()) {
                readGroup(reader, fileEnd);
            }
        } catch (IOException unreadable) {
            add(reader, fileEnd);
        }
    }

    private void skipKnown() {
        next = readableFrom.applyAsLong(next);
    }

    private void readGroup(GroupReader reader, long fileEnd) throws IOException {
        position = reader.logFile().soundFrom(position);
        GroupHeader group = reader.header(position);
        if (!isSound(reader, group)) {
            reader.refresh();
            group = reader.header(position);
        }
        if (group != null && isSound(reader, group)) {
            pass(group.nextOffset(), group.end(position));
        } else {
            passDamage(reader, group, fileEnd);
        }
    }

    private boolean isSound(GroupReader reader, @Nullable GroupHeader group) throws IOException {
        return group != null && reader.body(group, position) != null;
    }

    private void passDamage(GroupReader reader, @Nullable GroupHeader group, long fileEnd) throws IOException {
        long behind = group == null ? reader.find(position + GroupHeader.ALIGNMENT) : group.end(position);
        GroupHeader later = behind < 0 ? null : reader.header(behind);
        long first = later == null ? fileEnd : Math.min(fileEnd, later.firstOffset());
        add(reader, first);
        pass(first, behind);
    }

    private void add(GroupReader reader, long to) {
        found.add(new LogGap(reader.path(), position, new LogOffset(next), new LogOffset(to - 1), Set.of()));
        next = to;
    }

    private void pass(long nextOffset, long to) {
        next = nextOffset;
        unpacedBytes += to - position;
        position = to;
        if (unpacedBytes >= STEP_BYTES) {
            pace.accept(unpacedBytes);
            unpacedBytes = 0;
        }
    }
}
