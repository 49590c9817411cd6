package io.quiver.log;

/** A file of the log was made by a newer program: it is whole, and nothing is done about it. */
final class UnknownFormatException extends CorruptLogException {
    private static final long serialVersionUID = 1;

    UnknownFormatException(String file, long position, int version, int known) {
        super(file, position, "format version %d, this server knows %d".formatted(version, known));
    }
}
