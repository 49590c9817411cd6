package io.quiver.log;

import io.quiver.log.record.LogOffset;
import org.jspecify.annotations.Nullable;

/**
 * What was found when a log was opened.
 *
 * @param truncatedThrough everything up to here has been dropped
 * @param head the newest entry found, or {@code truncatedThrough} where there is none
 * @param cut what was cut from the end, {@code null} where the log ended cleanly
 */
public record RecoveryReport(
        int fileCount,
        long groupCount,
        long entryCount,
        LogOffset truncatedThrough,
        LogOffset head,
        @Nullable Cut cut) {

    /**
     * The end of the log did not hold a whole group: a group that was being written when power or process went, or damage to
     * the very last group.
     */
    public record Cut(String file, long position, String reason) {}
}
