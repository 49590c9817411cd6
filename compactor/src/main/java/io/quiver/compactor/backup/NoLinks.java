package io.quiver.compactor.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A directory of backups has no symbolic links: one would make a restore read files from elsewhere. */
final class NoLinks {
    private NoLinks() {}

    /** Refuses a path below a root that is, or leads through, a symbolic link, or out of the root. */
    static void check(Path root, String path) throws IOException {
        Path file = root.resolve(path).normalize();
        if (!file.startsWith(root)) {
            throw new CorruptBackupException(path, "it leads out of the directory of backups");
        }
        for (@Nullable Path part = file; part != null && !part.equals(root); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                throw new CorruptBackupException(path, "a symbolic link");
            }
        }
    }
}
