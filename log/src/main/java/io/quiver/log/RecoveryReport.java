package io.quiver.log;

import io.quiver.log.record.LogOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found when a log was opened.
 *
 * @param truncatedThrough everything up to here has been dropped
 * @param head the newest entry found, or {@code truncatedThrough} where there is none
 * @param cut what was cut from the end, {@code null} where the log ended cleanly
 * @param gaps what is damaged before the end, in order
 */
public record RecoveryReport(
        int fileCount,
        long groupCount,
        long entryCount,
        LogOffset truncatedThrough,
        LogOffset head,
        @Nullable Cut cut,
        List<LogGap> gaps) {
    public RecoveryReport {
        gaps = List.copyOf(gaps);
    }

    /**
     * The end of the log did not hold a whole group: a group that was being written when power or process went, or
     * damage to the very last group.
     */
    public record Cut(String file, long position, String reason) {}
}
