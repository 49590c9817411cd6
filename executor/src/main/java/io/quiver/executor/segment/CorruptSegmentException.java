package io.quiver.executor.segment;

import java.io.IOException;

/** A file of a segment is not what was written. */
public final class CorruptSegmentException extends IOException {
    public CorruptSegmentException(String file, String reason) {
        super(file + ": " + reason);
    }

    public CorruptSegmentException(String file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
