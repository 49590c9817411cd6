package io.quiver.gateway.server;

import io.quiver.compactor.backup.BackgroundBackups;
import io.quiver.compactor.backup.BackupId;
import io.quiver.compactor.backup.BackupKind;
import io.quiver.compactor.backup.BackupManifest;
import io.quiver.gateway.http.Snapshots;
import java.util.List;
import reactor.core.publisher.Mono;

/** The server's backups, as its HTTP API asks for them. */
final class ServerSnapshots implements Snapshots {
    private final BackgroundBackups backups;

    ServerSnapshots(BackgroundBackups backups) {
        this.backups = backups;
    }

    @Override
    public Mono<Snapshot> take(boolean isFull) {
        return backups.take(isFull ? BackupKind.FULL : BackupKind.INCREMENTAL).map(ServerSnapshots::snapshot);
    }

    @Override
    public List<Snapshot> list() {
        return backups.list().stream().map(ServerSnapshots::snapshot).toList();
    }

    /** What is no id names no backup. */
    @Override
    public Mono<Boolean> delete(String id) {
        return BackupId.isOne(id) ? backups.delete(new BackupId(id)) : Mono.just(false);
    }

    private static Snapshot snapshot(BackupManifest backup) {
        BackupId previous = backup.previous();
        return new Snapshot(
                backup.id().text(),
                backup.createdAt(),
                backup.kind() == BackupKind.FULL,
                backup.offset(),
                previous == null ? null : previous.text(),
                backup.collections(),
                backup.sizeBytes());
    }
}
