package io.quiver.compactor.backup;

import io.quiver.compactor.DirectoryCheck;
import io.quiver.log.CorruptLogException;
import io.quiver.log.LocalLog;
import io.quiver.log.LogGap;
import io.quiver.log.LogMending;
import io.quiver.log.LogPiece;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Mends log files with what backups have of them. Belongs to one thread. */
final class LogRepair {
    private static final String MENDED = ".mended";

    private final Storage storage;
    private final Aside aside;
    private final Optional<BackupStore> backups;
    private final List<LogPiece> pieces;
    private final Consumer<String> saved;
    private final Consumer<String> lost;
    private final Set<String> mended = new HashSet<>();

    LogRepair(
            Storage storage,
            Aside aside,
            Optional<BackupStore> backups,
            List<BackupManifest> manifests,
            Consumer<String> saved,
            Consumer<String> lost) {
        this.storage = storage;
        this.aside = aside;
        this.backups = backups;
        this.pieces = BackupChain.pieces(manifests).stream()
                .map(BackupManifest.Piece::piece)
                .toList();
        this.saved = saved;
        this.lost = lost;
    }

    /**
     * Mends one file after the other; true where the log can be opened in the end, though some of it may be damaged
     * still.
     */
    boolean run() throws IOException {
        while (true) {
            try {
                List<LogGap> gaps =
                        LocalLog.check(storage, DirectoryCheck.LOG_DIRECTORY).gaps();
                if (gaps.isEmpty()) {
                    return true;
                }
                LogGap gap = gaps.getFirst();
                if (!mend(gap.file(), gap.reason())) {
                    return true;
                }
            } catch (CorruptLogException damage) {
                boolean isGone = !storage.exists(damage.file());
                if (!mend(damage.file(), String.valueOf(damage.getMessage()))) {
                    return false;
                }
                if (isGone) {
                    lost.accept("%s: what was written to it after the backup is gone".formatted(damage.file()));
                }
            }
        }
    }

    private boolean mend(String path, String damage) throws IOException {
        if (putBack(path)) {
            saved.accept("%s: put back from a backup".formatted(damage));
            return true;
        }
        lost.accept("%s. No backup has these bytes: restore a backup instead".formatted(damage));
        return false;
    }

    private boolean putBack(String path) throws IOException {
        if (backups.isEmpty() || !mended.add(path)) {
            return false;
        }
        LogMending mending = new LogMending(storage, path);
        List<LogPiece> ofFile = mending.pieces(pieces);
        if (ofFile.isEmpty()) {
            return false;
        }
        storage.delete(path + MENDED);
        mending.write(ofFile, piece -> backups.get().open(Layout.piece(piece)), path + MENDED);
        aside.move(path);
        storage.rename(path + MENDED, path);
        storage.forceDirectory(DirectoryCheck.LOG_DIRECTORY);
        return true;
    }
}
