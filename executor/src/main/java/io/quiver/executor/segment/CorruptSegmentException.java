package io.quiver.executor.segment;

import java.io.IOException;

/** A file of a segment is not what was written. */
public final class CorruptSegmentException extends IOException {
    private final String file;

    public CorruptSegmentException(String file, String reason) {
        super(file + ": " + reason);
        this.file = file;
    }

    public CorruptSegmentException(String file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
        this.file = file;
    }

    /**
     * The path of the damaged file within its storage, or of the directory where it is not known which of its files it
     * is.
     */
    public String file() {
        return file;
    }
}
