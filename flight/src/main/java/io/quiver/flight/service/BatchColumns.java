package io.quiver.flight.service;

import io.quiver.log.record.QuiverException;
import java.util.HashSet;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** What every batch of a caller must keep to before its columns are read. */
final class BatchColumns {
    private static final String EXTENSION = "ARROW:extension:name";

    private BatchColumns() {}

    /** Refuses columns of one name, encoded, of extension types, or with another number of values than rows. */
    static void check(VectorSchemaRoot batch) {
        Set<String> names = new HashSet<>();
        for (FieldVector column : batch.getFieldVectors()) {
            if (!names.add(column.getName())) {
                throw QuiverException.invalid("column '%s' is there twice".formatted(column.getName()));
            }
            checkField(column.getName(), column.getField());
            if (column.getValueCount() != batch.getRowCount()) {
                throw QuiverException.invalid("column '%s' has %d values in a batch of %d rows"
                        .formatted(column.getName(), column.getValueCount(), batch.getRowCount()));
            }
        }
    }

    private static void checkField(String column, Field field) {
        if (field.getDictionary() != null) {
            throw QuiverException.invalid("column '%s' must not be dictionary-encoded".formatted(column));
        }
        String extension = field.getMetadata().get(EXTENSION);
        if (extension != null || field.getType() instanceof ArrowType.ExtensionType) {
            throw QuiverException.invalid(
                    "column '%s' must not be of the extension type %s".formatted(column, extension));
        }
        field.getChildren().forEach(child -> checkField(column, child));
    }
}
