package io.quiver.log;

import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A log that lies in pieces, as a backup keeps it: reads its entries, finds the one of a time, and writes it as a log
 * again, up to any entry. Every checksum of a group is compared on the way. Belongs to one thread.
 */
public final class PiecedLog {
    private final List<List<LogPiece>> files = new ArrayList<>();
    private final Opener opener;

    /** Opens the bytes of a piece; the caller closes them. */
    @FunctionalInterface
    public interface Opener {
        StorageFile open(LogPiece piece) throws IOException;
    }

    /** Is handed the groups, in order; the body is whole and valid for this call only. */
    interface GroupVisitor {
        /** Returns false to see no more. */
        boolean group(LogFileHeader file, GroupHeader group, ByteBuffer body) throws IOException;
    }

    private PiecedLog(Opener opener) {
        this.opener = opener;
    }

    /**
     * Puts pieces together, given in order.
     *
     * @throws CorruptLogException where one is missing between two others
     */
    public static PiecedLog of(List<LogPiece> pieces, Opener opener) throws CorruptLogException {
        PiecedLog log = new PiecedLog(opener);
        for (LogPiece piece : pieces) {
            log.add(piece);
        }
        if (log.files.isEmpty()) {
            throw new CorruptLogException("log", 0, "no piece of it is there");
        }
        return log;
    }

    private void add(LogPiece piece) throws CorruptLogException {
        LogPiece before = files.isEmpty() ? null : files.getLast().getLast();
        if (before != null && before.isOfSameFile(piece)) {
            require(piece, before.to() == piece.from());
            files.getLast().add(piece);
        } else {
            require(piece, piece.from() == 0 && (before == null || before.fileId() + 1 == piece.fileId()));
            files.add(new ArrayList<>(List.of(piece)));
        }
        require(piece, before == null || before.last().next().equals(piece.first()));
    }

    private static void require(LogPiece piece, boolean follows) throws CorruptLogException {
        if (!follows) {
            throw new CorruptLogException(piece.name(), piece.from(), "the piece before it is missing");
        }
    }

    /** What came before the first entry of the pieces. */
    public LogOffset truncatedThrough() {
        return new LogOffset(files.getFirst().getFirst().first().value() - 1);
    }

    /** Offset of the newest entry. */
    public LogOffset head() {
        return files.getLast().getLast().last();
    }

    /** The newest entry before the first that was appended after a time. */
    public LogOffset headAt(long timeMs) throws IOException {
        long[] found = {truncatedThrough().value()};
        visit((_, group, body) -> {
            for (int i = 0; i < group.entryCount(); i++) {
                if (skipEntry(body).timeMs() > timeMs) {
                    return false;
                }
                found[0] = group.firstOffset() + i;
            }
            return true;
        });
        return new LogOffset(found[0]);
    }

    /** The entries between two offsets, {@code after} exclusive, {@code through} inclusive, in order. */
    public void read(LogOffset after, LogOffset through, Consumer<LogEntry> reader) throws IOException {
        visit((file, group, body) -> {
            for (long offset = group.firstOffset(); offset < group.nextOffset(); offset++) {
                LogEntry entry = entry(file, offset, body);
                if (offset > after.value() && offset <= through.value()) {
                    reader.accept(entry);
                }
            }
            return group.nextOffset() <= through.value();
        });
    }

    private static LogEntry entry(LogFileHeader file, long offset, ByteBuffer body) throws CorruptLogException {
        try {
            EntryHeader header = EntryHeader.decode(body);
            ByteBuffer payload = body.slice(body.position(), header.payloadBytes());
            body.position(body.position() + header.payloadBytes());
            return new LogEntry(
                    new LogOffset(offset), header.collection(), header.timeMs(), OperationCodec.read(payload));
        } catch (IllegalArgumentException e) {
            throw new CorruptLogException(
                    "log file " + file.id(), 0, "log entry %d: %s".formatted(offset, e.getMessage()));
        }
    }

    /**
     * Writes a log that ends with {@code through} into a directory of a storage that has none, durably. Its files have
     * salts of their own: what is appended to it is another log from there on.
     */
    public void writeTo(Storage storage, String directory, LogOffset through) throws IOException {
        if (through.isAfter(head()) || truncatedThrough().isAfter(through)) {
            throw new IllegalArgumentException("the log has entries %s to %s and cannot end with %s"
                    .formatted(truncatedThrough().next(), head(), through));
        }
        storage.createDirectories(directory);
        write(files.getFirst(), storage, directory, through);
        for (List<LogPiece> file : files.subList(1, files.size())) {
            if (!file.getFirst().first().isAfter(through)) {
                write(file, storage, directory, through);
            }
        }
        storage.forceDirectory(directory);
    }

    private void write(List<LogPiece> pieces, Storage storage, String directory, LogOffset through) throws IOException {
        LogFileHeader header = header(pieces);
        String path = new LogFileNames(directory).log(header.id());
        try (RewrittenLogFile copy = new RewrittenLogFile(header, path, storage.create(path))) {
            visit(pieces, (_, group, body) -> copy.add(group, body, through));
            copy.finish();
        }
    }

    private LogFileHeader header(List<LogPiece> pieces) throws IOException {
        try (PieceFile file = open(pieces)) {
            return LogFileHeader.readOfAnySize(pieces.getFirst().name(), file);
        }
    }

    private void visit(GroupVisitor visitor) throws IOException {
        for (List<LogPiece> file : files) {
            if (!visit(file, visitor)) {
                return;
            }
        }
    }

    private boolean visit(List<LogPiece> pieces, GroupVisitor visitor) throws IOException {
        String name = pieces.getFirst().name();
        PieceFile bytes = open(pieces);
        LogFileHeader header = LogFileHeader.readOfAnySize(name, bytes);
        try (GroupReader reader = new GroupReader(new LogFile(header, name), name, bytes)) {
            for (long at = LogFileHeader.BYTES; at < bytes.sizeBytes(); ) {
                GroupHeader group = reader.header(at);
                ByteBuffer body = group == null ? null : reader.body(group, at);
                if (group == null || body == null) {
                    throw new CorruptLogException(name, at, "no whole group where one must stand");
                }
                at = group.end(at);
                if (!visitor.group(header, group, body)) {
                    return false;
                }
            }
        }
        return true;
    }

    private PieceFile open(List<LogPiece> pieces) throws IOException {
        List<StorageFile> opened = new ArrayList<>();
        try {
            for (LogPiece piece : pieces) {
                opened.add(opener.open(piece));
            }
            return new PieceFile(pieces, opened);
        } catch (Throwable failure) {
            for (StorageFile file : opened) {
                file.close();
            }
            throw failure;
        }
    }

    /** Moves on behind one entry. */
    static EntryHeader skipEntry(ByteBuffer body) {
        EntryHeader header = EntryHeader.decode(body);
        body.position(body.position() + header.payloadBytes());
        return header;
    }
}
