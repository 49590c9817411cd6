package io.quiver.log;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Puts bytes that a backup has back into a damaged log file. What the backup does not have is left as it is, so that
 * what was written since stays. For a log that nobody has open; belongs to one thread.
 */
public final class LogMending {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Storage storage;
    private final String path;

    /** @param path of the log file */
    public LogMending(Storage storage, String path) {
        this.storage = storage;
        this.path = path;
    }

    /** Of all pieces those of this file: of the same id, and of the same salt where the file still tells it. */
    public List<LogPiece> pieces(List<LogPiece> all) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!LogFileNames.isLog(name)) {
            return List.of();
        }
        List<LogPiece> ofFile = all.stream()
                .filter(piece -> piece.fileId() == LogFileNames.number(name))
                .toList();
        long salt = salt(ofFile);
        return ofFile.stream()
                .filter(piece -> piece.salt() == salt)
                .sorted(LogPiece.IN_ORDER)
                .toList();
    }

    /** That of the header, or of the newest piece where the header is damaged or the file is missing. */
    private long salt(List<LogPiece> pieces) throws IOException {
        if (!storage.exists(path)) {
            return newestSalt(pieces);
        }
        try (StorageFile file = storage.open(path)) {
            return LogFileHeader.readOfAnySize(path, file).salt();
        } catch (CorruptLogException damaged) {
            return newestSalt(pieces);
        }
    }

    private static long newestSalt(List<LogPiece> pieces) {
        return pieces.isEmpty() ? 0 : pieces.getLast().salt();
    }

    /** Writes the file as it should be to another path, durably but for its name. */
    public void write(List<LogPiece> pieces, PiecedLog.Opener opener, String target) throws IOException {
        try (StorageFile mended = storage.create(target)) {
            if (storage.exists(path)) {
                try (StorageFile damaged = storage.open(path)) {
                    copy(damaged, mended, 0);
                }
            }
            for (LogPiece piece : pieces) {
                try (StorageFile bytes = opener.open(piece)) {
                    copy(bytes, mended, piece.from());
                }
            }
            mended.resize(LogFileHeader.readOfAnySize(path, mended).capacityBytes());
            mended.force();
        }
    }

    private static void copy(StorageFile source, StorageFile target, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long position = 0;
        while (source.read(buffer.clear(), position) > 0) {
            int count = buffer.flip().remaining();
            target.write(buffer, at + position);
            position += count;
        }
    }
}
