package io.quiver.compactor.backup;

import io.quiver.compactor.backup.BackupManifest.Piece;
import io.quiver.compactor.backup.BackupManifest.SegmentFile;
import io.quiver.log.LogPiece;
import io.quiver.log.PinnedLog;
import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Makes one backup of what is pinned. Used once, by one thread. */
final class BackupRun {
    private static final int BEGIN_BYTES = 4096;

    private final BackupStore store;
    private final Storage source;
    private final Pins pins;
    private final BackupKind kind;
    private final Progress progress;
    private final Copy copy;
    private final Map<String, Content> known = new HashMap<>();

    /** What was written now, with its content. */
    private final Map<String, Content> fresh = new HashMap<>();

    private String copying = "";
    private long bytesDone;
    private long bytesTotal;

    BackupRun(BackupStore store, Storage source, Pins pins, BackupKind kind, Progress progress) {
        this.store = store;
        this.source = source;
        this.pins = pins;
        this.kind = kind;
        this.progress = progress;
        this.copy = new Copy(this::copied);
    }

    /** @param earlier backups that are there, oldest first */
    Outcome run(List<BackupManifest> earlier) throws IOException {
        earlier.forEach(manifest -> manifest.files().forEach(file -> known.put(file.stored(), file.content())));
        Optional<BackupManifest> previous = BackupChain.previous(earlier, pins.log());
        List<String> files = pins.files();
        bytesTotal = source.sizeBytes(pins.catalog()) + sizeBytes(files);
        BackupId id = BackupId.at(pins.createdAt());
        List<Piece> log = copyLog(earlier);
        Content catalog = put(Layout.catalog(id), source.sizeBytes(pins.catalog()), pins.catalog());
        List<SegmentFile> segments = copySegments(files);
        store.forceNames(List.copyOf(fresh.keySet()));
        verify();
        BackupManifest manifest = new BackupManifest(
                id,
                pins.createdAt(),
                kind,
                pins.log().head(),
                previous.map(BackupManifest::id).orElse(null),
                pins.collections(),
                catalog,
                log,
                segments);
        store.publish(manifest);
        return new Outcome(manifest, bytesDone);
    }

    /** @param copiedBytes that were not there before */
    record Outcome(BackupManifest manifest, long copiedBytes) {}

    private long sizeBytes(List<String> files) throws IOException {
        long bytes = 0;
        for (String file : files) {
            bytes += source.sizeBytes(pins.pinned(file));
        }
        return bytes;
    }

    private List<Piece> copyLog(List<BackupManifest> earlier) throws IOException {
        Map<LogPiece, Piece> kept = new HashMap<>();
        for (Piece piece : BackupChain.pieces(earlier)) {
            if (isUsable(Layout.piece(piece.piece()), piece.content())) {
                kept.put(piece.piece(), piece);
            }
        }
        List<Piece> pieces = new ArrayList<>();
        for (LogPiece piece : pins.log().pieces(kept.keySet())) {
            Piece known = kept.get(piece);
            pieces.add(known == null ? copy(piece) : known);
        }
        return pieces;
    }

    private Piece copy(LogPiece piece) throws IOException {
        PinnedLog log = pins.log();
        bytesTotal += piece.sizeBytes();
        Content content =
                put(Layout.piece(piece), piece.sizeBytes(), (target, position) -> log.read(piece, target, position));
        return new Piece(piece, content.checksum());
    }

    private List<SegmentFile> copySegments(List<String> files) throws IOException {
        List<SegmentFile> segments = new ArrayList<>();
        for (String file : files) {
            segments.add(copySegment(file));
        }
        return segments;
    }

    private SegmentFile copySegment(String file) throws IOException {
        String pinned = pins.pinned(file);
        long sizeBytes = source.sizeBytes(pinned);
        String[] parts = file.split("/", 4);
        String stored = Layout.segmentFile(parts[2], parts[3], sizeBytes, beginChecksum(pinned));
        Content there = fresh.getOrDefault(stored, known.get(stored));
        if (there != null && (fresh.containsKey(stored) || isUsable(stored, there))) {
            bytesTotal -= sizeBytes;
            return new SegmentFile(file, stored, there);
        }
        return new SegmentFile(file, stored, put(stored, sizeBytes, pinned));
    }

    private int beginChecksum(String path) throws IOException {
        ByteBuffer begin = ByteBuffer.allocate(BEGIN_BYTES);
        try (StorageFile file = source.open(path)) {
            while (begin.hasRemaining() && file.read(begin, begin.position()) > 0) {
                // until the begin is whole or the file ends
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(begin.flip());
        return (int) crc.getValue();
    }

    /** Whether a file of an earlier backup need not be copied again. */
    private boolean isUsable(String stored, Content content) throws IOException {
        return switch (kind) {
            case INCREMENTAL -> store.has(stored, content);
            case FULL -> store.holds(stored, content, copy);
        };
    }

    private Content put(String stored, long sizeBytes, String path) throws IOException {
        try (StorageFile file = source.open(path)) {
            return put(stored, sizeBytes, file::read);
        }
    }

    private Content put(String stored, long sizeBytes, ByteSource bytes) throws IOException {
        copying = stored;
        Content written = store.put(stored, bytes, copy);
        if (written.sizeBytes() != sizeBytes) {
            throw new CorruptBackupException(
                    stored, "expected %d bytes, copied %d".formatted(sizeBytes, written.sizeBytes()));
        }
        fresh.put(stored, written);
        return written;
    }

    private void copied(long bytes) {
        bytesDone += bytes;
        progress.moved(copying, bytesDone, Math.max(bytesDone, bytesTotal));
    }

    /** Reads what was written once more. */
    private void verify() throws IOException {
        for (Map.Entry<String, Content> file : fresh.entrySet()) {
            if (!store.holds(file.getKey(), file.getValue(), copy)) {
                throw new CorruptBackupException(file.getKey(), "it does not hold what was written to it");
            }
        }
    }
}
