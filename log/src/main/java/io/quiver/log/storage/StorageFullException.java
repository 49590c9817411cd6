package io.quiver.log.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The disk has no room for what was to be written. What was forced before is untouched; later it may work. */
public final class StorageFullException extends IOException {
    public StorageFullException(String path, @Nullable Throwable cause) {
        super(path + ": no space left on the disk", cause);
    }
}
