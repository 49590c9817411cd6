package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Whether records are {@link Unchanged}. A condition is looked at twice: on the caller's thread over everything that is
 * durable then, which may be much, and on the writing thread over what has come since, just before the entry gets its
 * offset. So nothing comes between the check and the entry.
 */
final class UnchangedCheck {
    /** Entries of the log since a read; whoever has been thinking for longer reads again. */
    static final long ENTRIES_MAX = 100_000;

    private final LogTail tail;
    private final LogFiles files;
    private final CollectionHeads heads;

    UnchangedCheck(LogTail tail, LogFiles files, CollectionHeads heads) {
        this.tail = tail;
        this.files = files;
        this.heads = heads;
    }

    /** Completes with the condition as it is left for {@link #admit}; fails as {@link Log#requireUnchanged} does. */
    Mono<Unchanged> durable(CollectionId collection, Unchanged condition) {
        return Mono.defer(() -> {
            LogOffset head = tail.head();
            LogOffset since = condition.since();
            if (since.isAfter(head)) {
                return Mono.error(QuiverException.invalid(
                        "The read token %s is not one of this log, which ends at %s".formatted(since, head)));
            }
            // In this order: what truncation takes from the heads it has said before.
            boolean isQuiet = !heads.get(collection).isAfter(since);
            if (files.truncatedThrough().isAfter(since) || head.value() - since.value() > ENTRIES_MAX) {
                return Mono.error(stale(condition));
            }
            return isQuiet ? Mono.just(condition.seen(head)) : read(collection, condition, head);
        });
    }

    private Mono<Unchanged> read(CollectionId collection, Unchanged condition, LogOffset through) {
        return tail.entries(condition.since(), through::value)
                .filter(entry -> entry.collection().equals(collection))
                .mapNotNull(entry -> condition.touchedBy(entry.operations()).orElse(null))
                .next()
                .onErrorMap(UnchangedCheck::isTruncated, _ -> stale(condition))
                .flatMap(id -> Mono.<Unchanged>error(conflict(id)))
                .switchIfEmpty(Mono.defer(() -> retained(condition, through)));
    }

    /**
     * A reading begins later where the log has dropped entries before it: what was dropped meanwhile has not been seen.
     */
    private Mono<Unchanged> retained(Unchanged condition, LogOffset through) {
        return files.truncatedThrough().isAfter(condition.since())
                ? Mono.error(stale(condition))
                : Mono.just(condition.seen(through));
    }

    private static boolean isTruncated(Throwable failure) {
        return failure instanceof QuiverException refusal && refusal.code() == ErrorCode.FAILED_PRECONDITION;
    }

    // On the writing thread.

    /** Those of a group whose condition holds when all before them have been written; answers the others. */
    List<PendingAppend> admit(List<PendingAppend> group, long nextOffset) {
        List<PendingAppend> admitted = new ArrayList<>(group.size());
        for (PendingAppend append : group) {
            QuiverException refusal = refusal(append, admitted, nextOffset);
            if (refusal == null) {
                admitted.add(append);
            } else {
                LogWriter.answer(append, refusal, 0);
            }
        }
        return admitted;
    }

    private @Nullable QuiverException refusal(PendingAppend append, List<PendingAppend> before, long nextOffset) {
        Unchanged condition = append.condition();
        if (condition == null) {
            return null;
        }
        QuiverException refusal = heads.get(append.collection()).isAfter(condition.since())
                ? sinceRead(append, condition, nextOffset)
                : null;
        return refusal == null ? inGroup(append, condition, before) : refusal;
    }

    private @Nullable QuiverException sinceRead(PendingAppend append, Unchanged condition, long nextOffset) {
        for (long offset = condition.since().value() + 1; offset < nextOffset; offset++) {
            LogEntry entry = tail.recent(offset);
            if (entry == null) {
                return stale(condition);
            }
            QuiverException conflict = conflict(append, condition, entry.collection(), entry.operations());
            if (conflict != null) {
                return conflict;
            }
        }
        return null;
    }

    private static @Nullable QuiverException inGroup(
            PendingAppend append, Unchanged condition, List<PendingAppend> before) {
        for (PendingAppend earlier : before) {
            QuiverException conflict = conflict(append, condition, earlier.collection(), earlier.operations());
            if (conflict != null) {
                return conflict;
            }
        }
        return null;
    }

    private static @Nullable QuiverException conflict(
            PendingAppend append, Unchanged condition, CollectionId collection, List<Operation> operations) {
        Optional<String> touched =
                collection.equals(append.collection()) ? condition.touchedBy(operations) : Optional.empty();
        return touched.map(id -> conflict(id)).orElse(null);
    }

    private static QuiverException conflict(String id) {
        return new QuiverException(
                ErrorCode.WRITE_CONFLICT,
                "Record [%s] was written to after the read that the commit rests on".formatted(id));
    }

    private static QuiverException stale(Unchanged condition) {
        return new QuiverException(
                ErrorCode.STALE_READ,
                "The read token %s is too old for the log to say what has changed since: read again"
                        .formatted(condition.since()));
    }
}
