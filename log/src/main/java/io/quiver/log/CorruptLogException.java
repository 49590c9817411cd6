package io.quiver.log;

import java.io.IOException;

/** A file of the log is not what was written, at a place where what was acknowledged must stand. */
public sealed class CorruptLogException extends IOException permits UnknownFormatException {
    private final String file;
    private final long position;

    CorruptLogException(String file, long position, String reason) {
        super("%s, byte %d: %s".formatted(file, position, reason));
        this.file = file;
        this.position = position;
    }

    /** The path of the damaged file within its storage. */
    public String file() {
        return file;
    }

    /** Where in the file the damage begins. */
    public long position() {
        return position;
    }
}
