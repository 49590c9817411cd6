package io.quiver.flight.service;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.ConsistencyText;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.FilterJson;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.QueryLimits;
import io.quiver.executor.query.SearchEffort;
import io.quiver.flight.CallTimeout;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How vectors are searched: what the stream's descriptor says, or a row of a batch in its place.
 *
 * @param where which records may be found
 * @param whereDocument which documents they must have besides
 * @param timeout after which the answer is what was found until then
 */
record Search(
        Collection collection,
        int k,
        Filter where,
        Filter whereDocument,
        Projection projection,
        SearchEffort effort,
        boolean estimateRecall,
        Consistency consistency,
        Duration timeout) {
    static final String[] FIELDS = {
        "tenant",
        "database",
        "collection",
        "k",
        "where",
        "where_document",
        "include",
        "ef",
        "target_recall",
        "estimate_recall",
        "consistency",
        "min_offset",
        "timeout_ms"
    };

    private static final int K_DEFAULT = 10;

    /**
     * What the command of a stream says; no batch may take longer than {@code timeoutMax}, nor, unless the command says
     * how long it may, than the caller of this thread's call waits.
     */
    static Search of(Collection collection, Command command, QueryLimits limits, Duration timeoutMax) {
        long usualMs = Math.max(1, CallTimeout.current(timeoutMax).toMillis());
        return new Search(
                collection,
                (int) command.number("k", K_DEFAULT, 1, limits.kMax()),
                FilterJson.readWhere(command.node("where"), limits),
                FilterJson.readWhereDocument(command.node("where_document"), limits),
                command.include(List.of("distances")),
                command.effort(limits),
                command.flag("estimate_recall"),
                consistency(command),
                Duration.ofMillis(command.number("timeout_ms", usualMs, 1, timeoutMax.toMillis())));
    }

    static Consistency consistency(Command command) {
        boolean hasOffset = command.node("min_offset") != null;
        return consistency(
                command.text("consistency"),
                hasOffset ? (Long) command.number("min_offset", 0, 0, Long.MAX_VALUE) : null);
    }

    /** What the fields {@code consistency} and {@code min_offset} of a command or a row say together. */
    static Consistency consistency(@Nullable String level, @Nullable Long minOffset) {
        Consistency asked = ConsistencyText.read(level, "'consistency'");
        if (minOffset == null) {
            return asked;
        }
        if (asked instanceof Consistency.Strong) {
            return new Consistency.AtLeast(new LogOffset(minOffset));
        }
        throw QuiverException.invalid("'min_offset' and the consistency %s exclude each other".formatted(level));
    }

    Query.Nearest query(Embedding embedding, Deadline deadline) {
        Integer dimension = collection.dimension();
        if (dimension != null && embedding.dimension() != dimension) {
            throw QuiverException.invalid(
                    "a vector has dimension %d, the collection has %d".formatted(embedding.dimension(), dimension));
        }
        return new Query.Nearest(
                collection.id(),
                embedding,
                k,
                Filter.and(where, whereDocument),
                projection,
                consistency,
                deadline,
                effort,
                estimateRecall,
                false);
    }
}
