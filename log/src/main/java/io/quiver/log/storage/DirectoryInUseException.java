package io.quiver.log.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Another server has this data directory open. */
public final class DirectoryInUseException extends IOException {
    DirectoryInUseException(Path directory, String holder) {
        super("the data directory %s is in use by %s"
                .formatted(directory, holder.isBlank() ? "another server" : holder));
    }
}
