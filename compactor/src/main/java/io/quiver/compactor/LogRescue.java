package io.quiver.compactor;

import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CompactionSource;
import io.quiver.log.LocalLog;
import io.quiver.log.LogGap;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What is done about entries of the log that turn out to be damaged while all of them are applied: memory has what they
 * said. Every collection with something unfolded is compacted, so that a start needs none of them; then the log drops
 * its damaged files and those before, also where backups would have liked to have them: none can be made from them.
 *
 * <p>Safe on every thread, and never waits.
 */
final class LogRescue {
    private static final Logger LOG = LoggerFactory.getLogger(LogRescue.class);

    private final CompactionSource source;
    private final Compactor compactor;
    private final LocalLog log;

    LogRescue(CompactionSource source, Compactor compactor, LocalLog log) {
        this.source = source;
        this.compactor = compactor;
        this.log = log;
    }

    void rescue(List<LogGap> gaps) {
        LogOffset last =
                gaps.stream().map(LogGap::last).max(Comparator.naturalOrder()).orElseThrow();
        Flux.fromIterable(unfolded())
                .concatMap(this::compact)
                .then(Mono.fromRunnable(() -> dropFilesThrough(last)))
                .subscribe(
                        _ -> {}, failure -> LOG.error("The damaged log is kept: it could not be compacted", failure));
    }

    private List<CollectionId> unfolded() {
        return source.debts().stream()
                .filter(CollectionDebt::hasUnfolded)
                .map(CollectionDebt::collection)
                .toList();
    }

    private Mono<Void> compact(CollectionId collection) {
        return compactor.compactNow(collection).onErrorResume(failure -> {
            LOG.error("Collection {} is still needed from the damaged log", collection, failure);
            return Mono.empty();
        });
    }

    private void dropFilesThrough(LogOffset last) {
        LogOffset folded = source.foldedThrough();
        LogOffset wanted = log.lastOfFileWith(last);
        LOG.info("Log entries through {} are compacted; through {} it was damaged", folded, last);
        log.truncate(wanted.isAfter(folded) ? folded : wanted);
    }
}
