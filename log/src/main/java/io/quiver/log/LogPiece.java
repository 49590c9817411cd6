package io.quiver.log;

import io.quiver.log.record.LogOffset;
import java.util.Comparator;

/**
 * Some bytes of a log file, from the end of one group to the end of another: what backups keep of a log. The first
 * piece of a file begins with its header. Pieces of one file that follow each other are the file, but for what stands
 * behind its last group.
 *
 * @param fileId of the log file
 * @param salt of the log file: with the id it tells files of different logs apart
 * @param from its first byte in the file
 * @param to the byte after its last
 * @param first offset of its first entry
 * @param last offset of its last entry; that before {@code first} where it has none
 */
public record LogPiece(long fileId, long salt, long from, long to, LogOffset first, LogOffset last) {
    /** As they stand in the log; among pieces of different logs it means nothing. */
    public static final Comparator<LogPiece> IN_ORDER = Comparator.comparingLong(LogPiece::fileId)
            .thenComparingLong(LogPiece::salt)
            .thenComparingLong(LogPiece::from);

    public LogPiece {
        if (fileId < 1 || from < 0 || to <= from || last.next().value() < first.value()) {
            throw new IllegalArgumentException("no piece of a log: file %d, bytes %d to %d, entries %s to %s"
                    .formatted(fileId, from, to, first, last));
        }
    }

    public long sizeBytes() {
        return to - from;
    }

    /** A name that no other piece has. */
    public String name() {
        return "%016x-%016x-%016x-%016x.piece".formatted(fileId, salt, from, to);
    }

    public boolean isOfSameFile(LogPiece other) {
        return fileId == other.fileId && salt == other.salt;
    }
}
