package io.quiver.compactor.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.compactor.backup.BackupManifest.Piece;
import io.quiver.log.LogPiece;
import io.quiver.log.record.LogOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Backups come hourly, full ones daily, and go after a week: the usual rule. */
class BackupScheduleTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T00:00:00Z");
    private static final BackupSchedule USUAL =
            new BackupSchedule(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7), 1000);

    private final List<BackupManifest> backups = new ArrayList<>();

    @Test
    void theFirstBackupIsAFullOneAtOnce() {
        assertEquals(Optional.of(BackupKind.FULL), USUAL.due(backups, BEGIN, 0));
    }

    @Test
    void anHourAfterTheNewestAnIncrementalOneIsDue() {
        add(BackupKind.FULL, BEGIN);
        assertEquals(Optional.empty(), USUAL.due(backups, BEGIN.plusSeconds(3599), 0));
        assertEquals(Optional.of(BackupKind.INCREMENTAL), USUAL.due(backups, BEGIN.plusSeconds(3600), 0));
    }

    @Test
    void aDayAfterTheNewestFullOneAFullOneIsDue() {
        add(BackupKind.FULL, BEGIN);
        add(BackupKind.INCREMENTAL, BEGIN.plus(Duration.ofHours(23)));
        assertEquals(Optional.of(BackupKind.FULL), USUAL.due(backups, BEGIN.plus(Duration.ofDays(1)), 0));
    }

    @Test
    void aLogThatGrowsFastIsBackedUpEarlyButNotAllTheTime() {
        add(BackupKind.FULL, BEGIN);
        assertEquals(Optional.empty(), USUAL.due(backups, BEGIN.plusSeconds(59), 501));
        assertEquals(Optional.of(BackupKind.INCREMENTAL), USUAL.due(backups, BEGIN.plusSeconds(60), 501));
        assertEquals(Optional.empty(), USUAL.due(backups, BEGIN.plusSeconds(60), 500));
    }

    @Test
    void everyPointOfTheLastWeekStaysWithinReach() {
        for (int day = 0; day <= 10; day++) {
            add(BackupKind.FULL, BEGIN.plus(Duration.ofDays(day)));
        }
        Instant now = BEGIN.plus(Duration.ofDays(10)).plusSeconds(1);
        List<BackupManifest> expired = USUAL.expired(backups, now);
        assertEquals(backups.subList(0, 3), expired);
        Instant nearestBefore = backups.get(3).createdAt();
        assertEquals(BEGIN.plus(Duration.ofDays(3)), nearestBefore);
        assertEquals(-1, nearestBefore.compareTo(now.minus(Duration.ofDays(7))));
    }

    @Test
    void theNewestNeverGoes() {
        add(BackupKind.FULL, BEGIN);
        assertEquals(List.of(), USUAL.expired(backups, BEGIN.plus(Duration.ofDays(1000))));
    }

    private void add(BackupKind kind, Instant createdAt) {
        LogPiece piece = new LogPiece(1, 1, 0, 4096, new LogOffset(1), LogOffset.NONE);
        backups.add(new BackupManifest(
                BackupId.at(createdAt),
                createdAt,
                kind,
                LogOffset.NONE,
                null,
                0,
                new Content(0, 0),
                List.of(new Piece(piece, 0)),
                List.of()));
    }
}
