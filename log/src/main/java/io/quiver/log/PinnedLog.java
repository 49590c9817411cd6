package io.quiver.log;

import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a log as they were when it was pinned: none of them is used for anything else before {@link #close},
 * whatever the log drops meanwhile. Belongs to one thread; holds every file open.
 */
public final class PinnedLog implements AutoCloseable {
    private final LogFiles files;
    private final List<GroupReader> readers;
    private final LogOffset head;

    PinnedLog(LogFiles files, List<GroupReader> readers, LogOffset head) {
        this.files = files;
        this.readers = readers;
        this.head = head;
    }

    /** The newest entry that was durable. */
    public LogOffset head() {
        return head;
    }

    /**
     * What makes the log up to {@link #head}, in order: of each file those pieces of {@code kept} that belong to it,
     * and one more for the rest. Reads and checks that rest.
     *
     * @param kept pieces that need not be copied again; of each file those count that follow each other from its begin
     *     on
     */
    public List<LogPiece> pieces(Collection<LogPiece> kept) throws IOException {
        List<LogPiece> pieces = new ArrayList<>();
        for (GroupReader reader : readers) {
            List<LogPiece> known = begin(reader, kept);
            pieces.addAll(known);
            LogPiece rest = rest(reader, known.isEmpty() ? 0 : known.getLast().to());
            if (rest != null) {
                pieces.add(rest);
            }
        }
        checkWhole(pieces);
        return pieces;
    }

    private static List<LogPiece> begin(GroupReader reader, Collection<LogPiece> kept) {
        List<LogPiece> begin = new ArrayList<>();
        long end = 0;
        for (LogPiece piece : kept.stream().sorted(LogPiece.IN_ORDER).toList()) {
            if (isOf(piece, reader) && piece.from() == end) {
                begin.add(piece);
                end = piece.to();
            }
        }
        return begin;
    }

    /** Reads bytes of a piece, counted from its begin; returns how many, -1 at its end. */
    public int read(LogPiece piece, ByteBuffer target, long position) throws IOException {
        long left = piece.sizeBytes() - position;
        if (left <= 0) {
            return -1;
        }
        ByteBuffer some = target.slice().limit((int) Math.min(left, target.remaining()));
        int count = reader(piece).read(some, piece.from() + position);
        target.position(target.position() + Math.max(0, count));
        return count;
    }

    /** Whether one of the files is the one that a piece was taken from. */
    public boolean hasFileOf(LogPiece piece) {
        return readers.stream().anyMatch(reader -> isOf(piece, reader));
    }

    private GroupReader reader(LogPiece piece) {
        return readers.stream()
                .filter(reader -> isOf(piece, reader))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not pinned: " + piece.name()));
    }

    private static boolean isOf(LogPiece piece, GroupReader reader) {
        LogFileHeader header = reader.logFile().header;
        return piece.fileId() == header.id() && piece.salt() == header.salt();
    }

    /** What a file holds from a position on, {@code null} where that is nothing new. */
    private @Nullable LogPiece rest(GroupReader reader, long from) throws IOException {
        LogFileHeader file = reader.logFile().header;
        long at = Math.max(from, LogFileHeader.BYTES);
        GroupHeader group = group(reader, at);
        LogOffset first = new LogOffset(group == null ? file.firstOffset() : group.firstOffset());
        LogOffset last = new LogOffset(first.value() - 1);
        while (group != null) {
            last = new LogOffset(group.nextOffset() - 1);
            at = group.end(at);
            group = group(reader, at);
        }
        return at == from ? null : new LogPiece(file.id(), file.salt(), from, at, first, last);
    }

    /** The group at a position, {@code null} behind the last one that counts. */
    private @Nullable GroupHeader group(GroupReader reader, long at) throws IOException {
        GroupHeader group = reader.header(at);
        if (group == null || group.firstOffset() > head.value()) {
            return null;
        }
        if (reader.body(group, at) == null) {
            throw new CorruptLogException(reader.path(), at, "the checksum of a group is wrong");
        }
        return group;
    }

    /** A log with a gap must not become a backup that looks whole. */
    private void checkWhole(List<LogPiece> pieces) throws CorruptLogException {
        for (int i = 1; i < pieces.size(); i++) {
            requireEnd(pieces.get(i - 1), new LogOffset(pieces.get(i).first().value() - 1));
        }
        requireEnd(pieces.getLast(), head);
    }

    private static void requireEnd(LogPiece piece, LogOffset expected) throws CorruptLogException {
        if (!piece.last().equals(expected)) {
            throw new CorruptLogException(
                    piece.name(),
                    piece.to(),
                    "it ends with log entry %s, where %s was expected".formatted(piece.last(), expected));
        }
    }

    @Override
    public void close() throws IOException {
        for (GroupReader reader : readers) {
            files.close(reader);
        }
    }
}
