package io.quiver.log;

import java.time.Duration;

/**
 * How a {@link LocalLog} uses disk and memory.
 *
 * @param fileBytes size of a log file, allocated in advance
 * @param groupBytes a group closes when it has this much to write
 * @param entryBytesMax a larger batch is refused
 * @param queueBytes what may wait for the disk before {@code append} is refused
 * @param queueEntries likewise, in entries
 * @param recentBytes what is kept in memory for followers that keep up
 * @param healEvery how often a log that could not write tries to write its newest file again, elsewhere
 */
public record LogSettings(
        long fileBytes,
        int groupBytes,
        int entryBytesMax,
        long queueBytes,
        int queueEntries,
        long recentBytes,
        Duration healEvery) {
    public static final LogSettings DEFAULT =
            new LogSettings(64 << 20, 8 << 20, 64 << 20, 64 << 20, 16_384, 32 << 20, Duration.ofSeconds(1));

    /** A file holds its header and at least one small group. */
    private static final long FILE_BYTES_MIN = 2L * LogFileHeader.BYTES;

    /** An entry and its framing fit into one array. */
    private static final int ENTRY_BYTES_LIMIT = 1 << 30;

    public LogSettings {
        check("fileBytes", fileBytes, FILE_BYTES_MIN, 1L << 40);
        check("groupBytes", groupBytes, 1, ENTRY_BYTES_LIMIT);
        check("entryBytesMax", entryBytesMax, 1, ENTRY_BYTES_LIMIT);
        check("queueBytes", queueBytes, 1, 1L << 40);
        check("queueEntries", queueEntries, 1, 1 << 24);
        check("recentBytes", recentBytes, 0, 1L << 40);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s must lie in %d..%d, not %d".formatted(name, least, most, value));
        }
    }

    public LogSettings withFileBytes(long bytes) {
        return new LogSettings(bytes, groupBytes, entryBytesMax, queueBytes, queueEntries, recentBytes, healEvery);
    }

    public LogSettings withQueue(long bytes, int entries) {
        return new LogSettings(fileBytes, groupBytes, entryBytesMax, bytes, entries, recentBytes, healEvery);
    }

    public LogSettings withRecentBytes(long bytes) {
        return new LogSettings(fileBytes, groupBytes, entryBytesMax, queueBytes, queueEntries, bytes, healEvery);
    }

    public LogSettings withHealEvery(Duration interval) {
        return new LogSettings(fileBytes, groupBytes, entryBytesMax, queueBytes, queueEntries, recentBytes, interval);
    }

    public LogSettings withEntryBytesMax(int bytes) {
        return new LogSettings(fileBytes, groupBytes, bytes, queueBytes, queueEntries, recentBytes, healEvery);
    }
}
