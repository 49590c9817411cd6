package io.quiver.compactor.backup;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has become of backups since the start.
 *
 * @param taken that were made
 * @param failed that were not
 * @param stored that can be restored
 * @param lastTook how long the newest one took to make; zero where none was made since the start
 * @param lastCopiedBytes what was copied for it
 * @param newestBytes everything that the newest one stored consists of
 * @param newestAt the moment of the newest one stored, {@code null} where there is none
 */
public record BackupStats(
        long taken,
        long failed,
        int stored,
        Duration lastTook,
        long lastCopiedBytes,
        long newestBytes,
        @Nullable Instant newestAt) {
    /** How old the newest backup is; zero where there is none. */
    public Duration age(Instant now) {
        return newestAt == null || newestAt.isAfter(now) ? Duration.ZERO : Duration.between(newestAt, now);
    }
}
