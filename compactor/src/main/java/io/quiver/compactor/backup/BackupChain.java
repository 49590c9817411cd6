package io.quiver.compactor.backup;

import io.quiver.compactor.backup.BackupManifest.Piece;
import io.quiver.log.LogPiece;
import io.quiver.log.PinnedLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Backups of one log, each naming the one before it: together their pieces hold every entry from the oldest to the
 * newest, so that the log can be made to end anywhere between.
 *
 * <p>A backup follows another where the log still had the file in which the other ended: that file, known by its salt,
 * is in both.
 */
record BackupChain(List<BackupManifest> backups) {
    BackupChain {
        backups = List.copyOf(backups);
    }

    /** The newest of {@code earlier} that the log continues. */
    static Optional<BackupManifest> previous(List<BackupManifest> earlier, PinnedLog log) {
        return earlier.reversed().stream()
                .filter(manifest -> log.hasFileOf(manifest.pieces().getLast()))
                .filter(manifest -> !manifest.offset().isAfter(log.head()))
                .findFirst();
    }

    /** The pieces of all files of all these backups, in order; of each file as the newest backup has it that has it. */
    static List<Piece> pieces(List<BackupManifest> backups) {
        Map<List<Long>, List<Piece>> files = new HashMap<>();
        for (BackupManifest manifest : backups) {
            manifest.log().stream()
                    .collect(Collectors.groupingBy(BackupChain::file))
                    .forEach(files::put);
        }
        return files.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Piece::piece, LogPiece.IN_ORDER))
                .toList();
    }

    private static List<Long> file(Piece piece) {
        return List.of(piece.piece().fileId(), piece.piece().salt());
    }

    /** All backups that lead to one, that one last. */
    static BackupChain to(BackupManifest newest, List<BackupManifest> all) {
        Map<BackupId, BackupManifest> byId = new HashMap<>();
        all.forEach(manifest -> byId.put(manifest.id(), manifest));
        List<BackupManifest> backups = new ArrayList<>();
        for (@Nullable BackupManifest next = newest; next != null; next = before(next, byId)) {
            backups.addFirst(next);
            byId.remove(next.id());
        }
        return new BackupChain(backups);
    }

    private static @Nullable BackupManifest before(BackupManifest manifest, Map<BackupId, BackupManifest> byId) {
        return manifest.previous() == null ? null : byId.get(manifest.previous());
    }

    BackupManifest oldest() {
        return backups.getFirst();
    }

    BackupManifest newest() {
        return backups.getLast();
    }

    /** The pieces of all, in order, each once. */
    List<Piece> pieces() {
        return pieces(backups);
    }

    boolean has(BackupId id) {
        return backups.stream().anyMatch(manifest -> manifest.id().equals(id));
    }

    /** The part from the nearest backup before a point to the nearest behind it; empty where one of them is missing. */
    Optional<BackupChain> reaching(RestorePoint point, Optional<BackupId> wanted) {
        return switch (point) {
            case RestorePoint.End _ ->
                backups.stream()
                        .filter(manifest -> wanted.isEmpty() || manifest.id().equals(wanted.get()))
                        .reduce((_, later) -> later)
                        .map(manifest -> new BackupChain(List.of(manifest)));
            case RestorePoint.Offset(var offset) ->
                around(manifest -> manifest.offset().compareTo(offset));
            case RestorePoint.Time(var time) ->
                around(manifest -> manifest.createdAt().compareTo(time));
        };
    }

    /** @param comparison negative for backups before the point, positive for those behind it */
    private Optional<BackupChain> around(ToIntFunction<BackupManifest> comparison) {
        int from = -1;
        for (int i = 0; i < backups.size() && comparison.applyAsInt(backups.get(i)) <= 0; i++) {
            from = i;
        }
        for (int to = from; from >= 0 && to < backups.size(); to++) {
            if (comparison.applyAsInt(backups.get(to)) >= 0) {
                return Optional.of(new BackupChain(backups.subList(from, to + 1)));
            }
        }
        return Optional.empty();
    }
}
