package io.quiver.executor;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that answer one query, in the answer's order, until their columns are read. Belongs to one thread. */
final class FoundRows {
    private static final int ROWS_AT_FIRST = 16;

    /** Rows between two looks at whether they are still wanted: their documents may be long. */
    private static final int ROWS_A_LOOK = 16;

    private final List<Segment> segments = new ArrayList<>();
    private int[] rows = new int[ROWS_AT_FIRST];
    private float[] distances = {};
    private long touched;

    void add(Segment segment, int row) {
        if (size() == rows.length) {
            rows = Arrays.copyOf(rows, 2 * rows.length);
        }
        rows[size()] = row;
        segments.add(segment);
    }

    void add(Segment segment, int row, float distance) {
        add(segment, row);
        if (distances.length < size()) {
            distances = Arrays.copyOf(distances, rows.length);
        }
        distances[size() - 1] = distance;
    }

    int size() {
        return segments.size();
    }

    Segment segment(int i) {
        return segments.get(i);
    }

    int row(int i) {
        return rows[i];
    }

    /** Of a row that was found with one. */
    float distance(int i) {
        return distances[i];
    }

    /** Of rows that were found with them, nearest first. */
    float[] distances() {
        return Arrays.copyOf(distances, size());
    }

    /** Position of the record in the order of insertion, by which it is known within a view. */
    long insertion(int i) {
        return segment(i).insertion(row(i));
    }

    /**
     * Reads the parts that the projection names; distances only where rows were found with them. Throws {@link
     * UnwantedException} when nobody waits for them any more.
     */
    Hits read(Projection projection, LogOffset offset, QueryClock clock) {
        boolean isPartial = clock.isPartial();
        return new Hits(
                offset,
                size(),
                isPartial,
                column(Segment::id, clock),
                projection.distances() && distances.length >= size() ? distances() : null,
                projection.embeddings() ? this.<Embedding>column(Segment::embedding, clock) : null,
                projection.documents() ? this.<@Nullable String>column(Segment::document, clock) : null,
                projection.uris() ? this.<@Nullable String>column(Segment::uri, clock) : null,
                projection.metadatas() ? this.<Metadata>column(Segment::metadata, clock) : null);
    }

    private <T extends @Nullable Object> List<T> column(Field<T> field, QueryClock clock) {
        List<T> column = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            if (i % ROWS_A_LOOK == 0) {
                clock.requireWanted();
                touch(i, Math.min(i + ROWS_A_LOOK, size()));
            }
            column.add(field.of(segments.get(i), rows[i]));
        }
        return column;
    }

    /** Records lie here and there: one after the other, each would be waited for. */
    private void touch(int from, int to) {
        for (int i = from; i < to; i++) {
            touched += segments.get(i).touch(rows[i]);
        }
    }

    /** Keeps the touches from being seen as useless. */
    long touched() {
        return touched;
    }

    @FunctionalInterface
    private interface Field<T extends @Nullable Object> {
        T of(Segment segment, int row);
    }
}
