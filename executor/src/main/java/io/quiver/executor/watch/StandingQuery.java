package io.quiver.executor.watch;

import io.quiver.executor.query.Filter;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code k} records nearest to an embedding among those that a filter accepts, from now on.
 *
 * @param k 1 to {@link #K_MAX}
 * @param after the offset of the last change that the watcher knows of; {@code null} for one that begins
 */
public record StandingQuery(
        CollectionId collection,
        Embedding embedding,
        int k,
        Filter filter,
        @Nullable LogOffset after) {
    /** Each watch keeps more than twice as many candidates. */
    public static final int K_MAX = 1_000;

    public StandingQuery {
        if (k < 1 || k > K_MAX) {
            throw QuiverException.invalid("A standing query wants 1 to %d records, not %d".formatted(K_MAX, k));
        }
    }
}
