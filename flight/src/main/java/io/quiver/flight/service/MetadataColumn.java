package io.quiver.flight.service;

import io.quiver.flight.codec.TextColumn;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.QuiverException;
import java.util.Objects;
import java.util.function.IntFunction;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** A column of an upload that is one metadata field of its name: bool, an integer, floating point or utf8. */
final class MetadataColumn {
    private final FieldVector column;
    private final IntFunction<Scalar> values;

    private MetadataColumn(FieldVector column, IntFunction<Scalar> values) {
        this.column = column;
        this.values = values;
    }

    static MetadataColumn of(FieldVector column) {
        return new MetadataColumn(column, values(column));
    }

    String key() {
        return column.getName();
    }

    /** Null where the record has no such field. */
    @Nullable Scalar at(int row) {
        return column.isNull(row) ? null : values.apply(row);
    }

    private static IntFunction<Scalar> values(FieldVector column) {
        return switch (column) {
            case BitVector bits -> row -> new Bool(bits.get(row) != 0);
            case BaseIntVector integers
            when !(column instanceof UInt8Vector) -> row -> new Int(integers.getValueAsLong(row));
            case FloatingPointVector reals -> row -> real(column, row, reals.getValueAsDouble(row));
            case VarCharVector _, LargeVarCharVector _ -> {
                TextColumn texts = TextColumn.ofText(column);
                yield row -> new Text(Objects.requireNonNull(texts.at(row)));
            }
            default ->
                throw QuiverException.invalid("column '%s' must be bool, int64, float64 or utf8, not %s"
                        .formatted(column.getName(), column.getField().getType()));
        };
    }

    private static Scalar real(FieldVector column, int row, double value) {
        if (!Double.isFinite(value)) {
            throw QuiverException.invalid("row %d: '%s' is %s".formatted(row, column.getName(), value));
        }
        return new Real(value);
    }
}
