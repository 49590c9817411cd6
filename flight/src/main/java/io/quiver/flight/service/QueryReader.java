package io.quiver.flight.service;

import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.QueryLimits;
import io.quiver.flight.codec.EmbeddingColumn;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Queries out of the batches of one stream. Belongs to the thread that serves it. */
final class QueryReader {
    static final int QUERIES_MAX = 65_536;

    private static final Set<String> COLUMNS = Set.of(
            BulkSearch.VECTOR,
            BulkSearch.QUERY_ID,
            "k",
            "where",
            "where_document",
            "ef",
            "target_recall",
            "consistency",
            "min_offset",
            "timeout_ms");

    private final Search search;
    private final QueryLimits limits;
    private final Duration timeoutMax;
    private long nextId;

    QueryReader(Search search, QueryLimits limits, Duration timeoutMax) {
        this.limits = limits;
        this.search = search;
        this.timeoutMax = timeoutMax;
    }

    /**
     * @param ids a number for each query
     * @param hitsMax what all answers together may hold
     */
    record Batch(List<Query> queries, long[] ids, long hitsMax) {}

    /** Refuses a batch that is damaged, and one with a row that is no query. */
    Batch read(VectorSchemaRoot root) {
        BatchColumns.check(root);
        requireKnownColumns(root);
        int rows = root.getRowCount();
        if (rows > QUERIES_MAX) {
            throw QuiverException.invalid(
                    "a batch must not hold more than %d vectors, not %d".formatted(QUERIES_MAX, rows));
        }
        try {
            List<Query.Nearest> queries = queries(root, rows);
            long hitsMax = queries.stream().mapToLong(Query.Nearest::k).sum();
            return new Batch(List.copyOf(queries), ids(root), hitsMax);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw QuiverException.invalid("the batch is damaged: " + e.getMessage());
        }
    }

    private static void requireKnownColumns(VectorSchemaRoot batch) {
        for (FieldVector column : batch.getFieldVectors()) {
            if (!COLUMNS.contains(column.getName())) {
                throw QuiverException.invalid("unknown column '%s'; there are %s"
                        .formatted(
                                column.getName(),
                                String.join(", ", COLUMNS.stream().sorted().toList())));
            }
        }
        if (batch.getVector(BulkSearch.VECTOR) == null) {
            throw QuiverException.invalid("there is no column '%s'".formatted(BulkSearch.VECTOR));
        }
    }

    private List<Query.Nearest> queries(VectorSchemaRoot batch, int rows) {
        EmbeddingColumn vectors = EmbeddingColumn.read(batch.getVector(BulkSearch.VECTOR), rows);
        RowOptions options = new RowOptions(search, batch, limits, timeoutMax);
        Deadline usual = Deadline.after(search.timeout());
        List<Query.Nearest> queries = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            queries.add(query(options, vectors, usual, row));
        }
        return queries;
    }

    private Query.Nearest query(RowOptions options, EmbeddingColumn vectors, Deadline usual, int row) {
        try {
            Search asked = options.at(row);
            Deadline deadline = asked.timeout().equals(search.timeout()) ? usual : Deadline.after(asked.timeout());
            return asked.query(vectors.at(row), deadline);
        } catch (QuiverException fault) {
            throw new QuiverException(fault.code(), "row %d: %s".formatted(row, RowFaults.reason(fault)));
        }
    }

    /** Those of the caller, or else the numbers of the vectors in the stream. */
    private long[] ids(VectorSchemaRoot batch) {
        long[] ids = new long[batch.getRowCount()];
        BigIntVector given = givenIds(batch.getVector(BulkSearch.QUERY_ID));
        for (int row = 0; row < ids.length; row++) {
            ids[row] = given == null ? nextId++ : given.get(row);
        }
        return ids;
    }

    private static @Nullable BigIntVector givenIds(@Nullable FieldVector column) {
        if (column == null) {
            return null;
        }
        if (column instanceof BigIntVector ids && ids.getNullCount() == 0) {
            return ids;
        }
        throw QuiverException.invalid("column '%s' must be int64 without nulls".formatted(BulkSearch.QUERY_ID));
    }
}
