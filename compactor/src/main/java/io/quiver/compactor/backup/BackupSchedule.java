package io.quiver.compactor.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When backups are made without being asked for, and when they go.
 *
 * @param incrementalEvery how old the newest backup may become
 * @param fullEvery how old the newest full one may become
 * @param keep how far back every point can be restored, gaps aside
 * @param logBytesMax of the log on the disk: at half of it a backup comes early, beyond it the log is dropped all the
 *     same
 */
public record BackupSchedule(Duration incrementalEvery, Duration fullEvery, Duration keep, long logBytesMax) {
    /** However fast the log grows, backups come no faster. */
    private static final Duration PAUSE_MIN = Duration.ofMinutes(1);

    public BackupSchedule {
        if (!incrementalEvery.isPositive() || !fullEvery.isPositive() || !keep.isPositive() || logBytesMax < 1) {
            throw new IllegalArgumentException("times and sizes of backups must be more than 0");
        }
    }

    /** What should be made now; the first backup is a full one, at once. */
    Optional<BackupKind> due(List<BackupManifest> backups, Instant now, long logBytes) {
        boolean isFullRecent = backups.stream()
                .filter(backup -> backup.kind() == BackupKind.FULL)
                .anyMatch(backup -> isYounger(backup, fullEvery, now));
        if (!isFullRecent) {
            return Optional.of(BackupKind.FULL);
        }
        BackupManifest newest = backups.getLast();
        boolean isEarly = logBytes > logBytesMax / 2 && !isYounger(newest, PAUSE_MIN, now);
        return isEarly || !isYounger(newest, incrementalEvery, now)
                ? Optional.of(BackupKind.INCREMENTAL)
                : Optional.empty();
    }

    /** Backups that no point of the time to be kept needs: those whose successor is too old itself. */
    List<BackupManifest> expired(List<BackupManifest> backups, Instant now) {
        List<BackupManifest> expired = new ArrayList<>();
        for (int i = 0; i + 1 < backups.size(); i++) {
            if (!isYounger(backups.get(i + 1), keep, now)) {
                expired.add(backups.get(i));
            }
        }
        return expired;
    }

    private static boolean isYounger(BackupManifest backup, Duration age, Instant now) {
        return backup.createdAt().plus(age).isAfter(now);
    }
}
