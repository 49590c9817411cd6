package io.quiver.compactor.backup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory of backups, or one of them: {@code <directory>} or {@code <directory>/<id>}, though there is no such
 * file.
 *
 * @param backup empty for the newest
 */
public record BackupPath(Path directory, Optional<BackupId> backup) {
    /** Throws {@link RestoreException} for what is neither. */
    public static BackupPath of(Path path) throws RestoreException {
        Path whole = path.toAbsolutePath().normalize();
        if (isOne(whole)) {
            return new BackupPath(whole, Optional.empty());
        }
        Path name = whole.getFileName();
        Path parent = whole.getParent();
        if (name != null && parent != null && BackupId.isOne(name.toString()) && isOne(parent)) {
            return new BackupPath(parent, Optional.of(new BackupId(name.toString())));
        }
        throw new RestoreException(path + " is neither a directory of backups nor such a directory with a backup's id");
    }

    private static boolean isOne(Path directory) {
        return Files.isDirectory(directory.resolve(Layout.MANIFESTS));
    }
}
