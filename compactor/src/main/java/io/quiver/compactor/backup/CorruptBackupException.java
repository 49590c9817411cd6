package io.quiver.compactor.backup;

import java.io.IOException;

/** A file of a backup is not what was written, or is not there. */
public final class CorruptBackupException extends IOException {
    public CorruptBackupException(String file, String reason) {
        super(file + ": " + reason);
    }
}
