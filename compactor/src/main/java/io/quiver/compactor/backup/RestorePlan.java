package io.quiver.compactor.backup;

import io.quiver.log.PiecedLog;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which backups a restore takes what from.
 *
 * @param base where the catalog and the segments come from: its offset is not after {@code through}
 * @param chain from the base to one that reaches {@code through}; the log comes from all of them
 * @param log the log of the chain
 */
record RestorePlan(BackupManifest base, BackupChain chain, PiecedLog log, LogOffset through) {
    /**
     * @param wanted the backup that was named; empty for the newest that reaches the point
     * @throws RestoreException where no backups reach the point
     */
    static RestorePlan of(BackupStore store, Optional<BackupId> wanted, RestorePoint point) throws IOException {
        List<BackupManifest> all = store.list();
        if (wanted.isPresent()
                && all.stream().noneMatch(manifest -> manifest.id().equals(wanted.get()))) {
            throw new RestoreException("there is no backup %s that can be read".formatted(wanted.get()));
        }
        for (BackupManifest newest : heads(all)) {
            BackupChain chain = BackupChain.to(newest, all);
            if (wanted.isEmpty() || chain.has(wanted.get())) {
                Optional<BackupChain> part = chain.reaching(point, wanted);
                if (part.isPresent()) {
                    return plan(store, part.get(), point);
                }
            }
        }
        throw new RestoreException(
                all.isEmpty() ? "there is no backup" : "no backups reach from before that point to behind it");
    }

    /** Backups that none follows, newest first. */
    private static List<BackupManifest> heads(List<BackupManifest> all) {
        Set<BackupId> followed = new HashSet<>();
        all.forEach(manifest -> Optional.ofNullable(manifest.previous()).ifPresent(followed::add));
        return all.reversed().stream()
                .filter(manifest -> !followed.contains(manifest.id()))
                .toList();
    }

    private static RestorePlan plan(BackupStore store, BackupChain chain, RestorePoint point) throws IOException {
        PiecedLog log = PiecedLog.of(
                chain.pieces().stream().map(BackupManifest.Piece::piece).toList(),
                piece -> store.open(Layout.piece(piece)));
        LogOffset through = switch (point) {
            case RestorePoint.End _ -> chain.newest().offset();
            case RestorePoint.Offset(var offset) -> offset;
            case RestorePoint.Time(var time) ->
                later(log.headAt(time.toEpochMilli()), chain.oldest().offset());
        };
        return new RestorePlan(chain.oldest(), chain, log, through);
    }

    /** A clock that was put back must not take away what the base has. */
    private static LogOffset later(LogOffset one, LogOffset other) {
        return one.isAfter(other) ? one : other;
    }
}
