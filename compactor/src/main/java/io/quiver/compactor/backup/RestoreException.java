package io.quiver.compactor.backup;

import java.io.IOException;

/** What was asked for cannot be restored; nothing has been written. */
public final class RestoreException extends IOException {
    public RestoreException(String message) {
        super(message);
    }
}
