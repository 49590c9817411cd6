package io.quiver.flight.codec;

import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;

/**
 * Embeddings that came from outside: a list of 32-bit floats, 16-bit floats or 8-bit integers in each row, of fixed
 * size or not. All numbers of the batch are copied at once, as 32-bit floats; rows are windows of that array.
 */
public final class EmbeddingColumn {
    private final String name;
    private final FieldVector lists;
    private final FieldVector values;
    private final float[] floats;
    private final int first;
    private final boolean hasNulls;

    private EmbeddingColumn(String name, FieldVector lists, FieldVector values, float[] floats, int first) {
        this.name = name;
        this.lists = lists;
        this.values = values;
        this.floats = floats;
        this.first = first;
        this.hasNulls = values.getNullCount() > 0; // counts all of them
    }

    /** Copies {@code rows} rows of the column. Refuses other types, and lists that point outside of their values. */
    public static EmbeddingColumn read(FieldVector column, int rows) {
        String name = column.getName();
        if (!isList(column)) {
            throw wrongType(column);
        }
        FieldVector values = elements(column);
        long start = rows == 0 ? 0 : start(column, 0);
        long end = rows == 0 ? 0 : start(column, rows);
        if (start < 0 || end < start || end > values.getValueCount()) {
            throw QuiverException.invalid("column '%s': lists %d..%d point outside of %d values"
                    .formatted(name, start, end, values.getValueCount()));
        }
        float[] floats = copy(column, values, start, Math.toIntExact(end - start));
        return new EmbeddingColumn(name, column, values, floats, Math.toIntExact(start));
    }

    /** The embedding of a row; refuses nulls and lists without an element or out of order. */
    public Embedding at(int row) {
        if (lists.isNull(row)) {
            throw QuiverException.invalid("row %d: '%s' is null".formatted(row, name));
        }
        long start = start(lists, row) - first;
        long length = start(lists, row + 1) - first - start;
        if (start < 0 || length < 1 || start + length > floats.length) {
            throw QuiverException.invalid("row %d: '%s' has %d values".formatted(row, name, length));
        }
        Embedding embedding = Embedding.slice(floats, (int) start, (int) length);
        check(row, (int) start, embedding);
        return embedding;
    }

    private void check(int row, int start, Embedding embedding) {
        if (hasNulls) {
            for (int i = 0; i < embedding.dimension(); i++) {
                if (values.isNull(first + start + i)) {
                    throw QuiverException.invalid("row %d: '%s' has a null at %d".formatted(row, name, i));
                }
            }
        }
        if (!embedding.isFinite()) {
            throw QuiverException.invalid(
                    "row %d: '%s' holds a value that is infinite or not a number".formatted(row, name));
        }
    }

    private static float[] copy(FieldVector column, FieldVector values, long start, int count) {
        return switch (values) {
            case Float4Vector singles -> Floats.copy(singles.getDataBuffer(), start, count);
            case Float2Vector halves -> Floats.ofHalves(halves.getDataBuffer(), start, count);
            case TinyIntVector bytes -> Floats.ofBytes(bytes.getDataBuffer(), start, count);
            default -> throw wrongType(column);
        };
    }

    private static QuiverException wrongType(FieldVector column) {
        String type = isList(column)
                ? "a list of " + elements(column).getField().getType()
                : column.getField().getType().toString();
        return QuiverException.invalid(
                "column '%s' must be a list of float32, float16 or int8, not %s".formatted(column.getName(), type));
    }

    private static boolean isList(FieldVector column) {
        return column instanceof FixedSizeListVector
                || column instanceof ListVector
                || column instanceof LargeListVector;
    }

    private static FieldVector elements(FieldVector column) {
        return column.getChildrenFromFields().getFirst();
    }

    /** Where the list of a row begins among the values; that of the row after the last is the end. */
    private static long start(FieldVector column, int row) {
        return switch (column) {
            case FixedSizeListVector fixed -> (long) row * fixed.getListSize();
            case ListVector list -> list.getOffsetBuffer().getInt((long) row * ListVector.OFFSET_WIDTH);
            case LargeListVector list -> list.getOffsetBuffer().getLong((long) row * LargeListVector.OFFSET_WIDTH);
            default -> throw QuiverException.invalid("column '%s' must be a list".formatted(column.getName()));
        };
    }
}
