package io.quiver.compactor.backup;

import io.quiver.log.LogPiece;
import io.quiver.log.record.LogOffset;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a backup consists of. {@link ManifestText} is its form on the disk.
 *
 * @param createdAt when its moment was
 * @param offset everything up to here is in it, nothing after
 * @param previous the backup after whose offset its log begins at the latest, so that every offset between the two can
 *     be restored; {@code null} where there is none
 * @param collections how many the catalog has
 * @param catalog content of the file {@link Layout#catalog}
 * @param log the pieces, in order
 * @param files of segments
 */
public record BackupManifest(
        BackupId id,
        Instant createdAt,
        BackupKind kind,
        LogOffset offset,
        @Nullable BackupId previous,
        int collections,
        Content catalog,
        List<Piece> log,
        List<SegmentFile> files) {
    public BackupManifest {
        log = List.copyOf(log);
        files = List.copyOf(files);
        if (log.isEmpty() || !log.getLast().piece().last().equals(offset)) {
            throw new IllegalArgumentException("the log of backup %s does not end with entry %s".formatted(id, offset));
        }
    }

    /** A piece of the log, in the file {@link Layout#piece}. */
    record Piece(LogPiece piece, int checksum) {
        Content content() {
            return new Content(piece.sizeBytes(), checksum);
        }
    }

    /**
     * A file of a segment.
     *
     * @param path where it belongs in a data directory
     * @param stored where it lies in the directory of backups
     */
    record SegmentFile(String path, String stored, Content content) {
        SegmentFile {
            Layout.checkTarget(path);
            Layout.checkStored(stored);
        }
    }

    /** Everything that it needs, the files of earlier backups included. */
    public long sizeBytes() {
        return catalog.sizeBytes()
                + log.stream().mapToLong(piece -> piece.piece().sizeBytes()).sum()
                + files.stream().mapToLong(file -> file.content().sizeBytes()).sum();
    }

    List<LogPiece> pieces() {
        return log.stream().map(Piece::piece).toList();
    }

    /** Where everything that it needs lies. */
    Stream<String> storedPaths() {
        return Stream.concat(
                Stream.of(Layout.catalog(id)),
                Stream.concat(
                        log.stream().map(piece -> Layout.piece(piece.piece())),
                        files.stream().map(SegmentFile::stored)));
    }
}
