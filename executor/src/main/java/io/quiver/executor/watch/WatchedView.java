package io.quiver.executor.watch;

import io.quiver.executor.index.Metric;
import io.quiver.log.record.LogOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A collection right after one entry of the log. Holds its segments until it is closed, once. */
public interface WatchedView extends AutoCloseable {
    /** The offset of that entry. */
    LogOffset offset();

    /** What its embeddings are; {@code null} as long as nothing has been written. */
    @Nullable Shape shape();

    /** The earliest offset that {@link #at} can show. */
    LogOffset earliest();

    /** The same collection at an offset before; lent, closed with this one. */
    WatchedView at(LogOffset offset);

    /** The records that the entry wrote and that exist after it. */
    List<WrittenRow> written();

    /** The nearest records of each query, so many as asked for or all there are, nearest first; exact. */
    List<List<Candidate>> nearest(List<Wanted> queries);

    @Override
    void close();

    /** What all embeddings of a collection have in common. */
    record Shape(Metric metric, int dimension) {}

    /**
     * A search.
     *
     * @param count of records
     */
    record Wanted(StandingQuery query, int count) {}
}
