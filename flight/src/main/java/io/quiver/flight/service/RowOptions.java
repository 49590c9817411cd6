package io.quiver.flight.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.FilterJson;
import io.quiver.executor.query.QueryLimits;
import io.quiver.executor.query.SearchEffort;
import io.quiver.flight.codec.TextColumn;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * The columns in which rows of queries say how they are to be searched, each in place of what the stream's descriptor
 * says of it; a null leaves that. Belongs to one batch and one thread.
 */
final class RowOptions {
    private final Search stream;
    private final QueryLimits limits;
    private final @Nullable BaseIntVector k;
    private final @Nullable BaseIntVector ef;
    private final @Nullable BaseIntVector minOffset;
    private final @Nullable BaseIntVector timeoutMs;
    private final @Nullable FieldVector targetRecall;
    private final @Nullable TextColumn where;
    private final @Nullable TextColumn whereDocument;
    private final @Nullable TextColumn consistency;
    private final boolean areThere;
    private final Duration timeoutMax;

    RowOptions(Search stream, VectorSchemaRoot batch, QueryLimits limits, Duration timeoutMax) {
        this.stream = stream;
        this.limits = limits;
        this.timeoutMax = timeoutMax;
        this.k = integers(batch, "k");
        this.ef = integers(batch, "ef");
        this.minOffset = integers(batch, "min_offset");
        this.timeoutMs = integers(batch, "timeout_ms");
        this.targetRecall = reals(batch, "target_recall");
        this.where = texts(batch, "where");
        this.whereDocument = texts(batch, "where_document");
        this.consistency = texts(batch, "consistency");
        this.areThere = batch.getFieldVectors().stream()
                .anyMatch(column -> !column.getName().equals(BulkSearch.VECTOR)
                        && !column.getName().equals(BulkSearch.QUERY_ID));
    }

    /** How the vector of a row is to be searched. */
    Search at(int row) {
        if (!areThere) {
            return stream;
        }
        Long hits = number(k, row, 1, limits.kMax());
        JsonNode records = json(where, row);
        JsonNode documents = json(whereDocument, row);
        Long ms = number(timeoutMs, row, 1, timeoutMax.toMillis());
        return new Search(
                stream.collection(),
                hits == null ? stream.k() : hits.intValue(),
                records == null ? stream.where() : FilterJson.readWhere(records, limits),
                documents == null ? stream.whereDocument() : FilterJson.readWhereDocument(documents, limits),
                stream.projection(),
                effort(row),
                stream.estimateRecall(),
                consistency(row),
                ms == null ? stream.timeout() : Duration.ofMillis(ms));
    }

    private SearchEffort effort(int row) {
        Long beam = number(ef, row, 1, limits.efMax());
        Double recall = real(targetRecall, row);
        return beam == null && recall == null
                ? stream.effort()
                : SearchEffort.of(beam == null ? null : (Integer) beam.intValue(), recall);
    }

    private Consistency consistency(int row) {
        String level = consistency == null ? null : consistency.at(row);
        Long offset = number(minOffset, row, 0, Long.MAX_VALUE);
        return level == null && offset == null ? stream.consistency() : Search.consistency(level, offset);
    }

    private static @Nullable JsonNode json(@Nullable TextColumn column, int row) {
        String text = column == null ? null : column.at(row);
        return text == null ? null : Command.parse(text);
    }

    private static @Nullable Long number(@Nullable BaseIntVector column, int row, long min, long max) {
        if (column == null || column.isNull(row)) {
            return null;
        }
        long value = column.getValueAsLong(row);
        if (value < min || value > max) {
            throw QuiverException.invalid(
                    "'%s' must be an integer in %d..%d, not %d".formatted(column.getName(), min, max, value));
        }
        return value;
    }

    private static @Nullable Double real(@Nullable FieldVector column, int row) {
        return column == null || column.isNull(row)
                ? null
                : (Double) ((FloatingPointVector) column).getValueAsDouble(row);
    }

    private static @Nullable BaseIntVector integers(VectorSchemaRoot batch, String name) {
        return switch (batch.getVector(name)) {
            case null -> null;
            case BaseIntVector integers when !(integers instanceof UInt8Vector) -> integers;
            case FieldVector other -> throw wrong(other, "an integer");
        };
    }

    private static @Nullable FieldVector reals(VectorSchemaRoot batch, String name) {
        FieldVector column = batch.getVector(name);
        if (column == null || column instanceof FloatingPointVector) {
            return column;
        }
        throw wrong(column, "floating point");
    }

    private static @Nullable TextColumn texts(VectorSchemaRoot batch, String name) {
        FieldVector column = batch.getVector(name);
        return column == null ? null : TextColumn.ofText(column);
    }

    private static QuiverException wrong(FieldVector column, String expected) {
        return QuiverException.invalid("column '%s' must be %s, not %s"
                .formatted(column.getName(), expected, column.getField().getType()));
    }
}
