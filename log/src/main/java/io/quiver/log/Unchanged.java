package io.quiver.log;

import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That nobody has written to some records of a collection since a log offset. An operation counts also where it had no
 * effect.
 *
 * @param ids {@code null} for every record of the collection, those that it does not have included
 */
public record Unchanged(@Nullable Set<String> ids, LogOffset since) {
    public Unchanged {
        ids = ids == null ? null : Set.copyOf(ids);
    }

    public static Unchanged collectionSince(LogOffset since) {
        return new Unchanged(null, since);
    }

    /** The same, after everything up to {@code through} has been looked at. */
    Unchanged seen(LogOffset through) {
        return new Unchanged(ids, through);
    }

    /** An id that one of the operations is about; empty where there is none. */
    Optional<String> touchedBy(List<Operation> operations) {
        return operations.stream()
                .map(Operation::id)
                .filter(id -> ids == null || ids.contains(id))
                .findFirst();
    }
}
