package io.quiver.log;

import java.util.regex.Pattern;

/** Names of files in the log's directory: {@code <file id>.log} in use, {@code <number>.spare} to be used again. */
final class LogFileNames {
    private static final Pattern LOG = Pattern.compile("[0-9a-f]{16}\\.log");
    private static final Pattern SPARE = Pattern.compile("[0-9a-f]{16}\\.spare");

    private final String directory;

    LogFileNames(String directory) {
        this.directory = directory;
    }

    String log(long id) {
        return path("%016x.log".formatted(id));
    }

    String spare(long number) {
        return path("%016x.spare".formatted(number));
    }

    String path(String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    static boolean isLog(String name) {
        return LOG.matcher(name).matches();
    }

    static boolean isSpare(String name) {
        return SPARE.matcher(name).matches();
    }

    static long number(String name) {
        return Long.parseUnsignedLong(name.substring(0, 16), 16);
    }
}
